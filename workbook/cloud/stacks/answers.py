"""Stacks, resources, events and templates in the shapes that the API answers with."""

from __future__ import annotations

import json
from typing import Any

from .change_set import ChangeSet
from .parameters import HIDDEN, Parameter
from .plan import Change
from .stack import Event, Goal, Output, Resource, Stack
from .submission import required_capabilities
from .template import Template

Answer = dict[str, Any]
_NOT_CHECKED = {"StackDriftStatus": "NOT_CHECKED"}


def stack(found: Stack) -> Answer:
    """As DescribeStacks shows it."""
    goal = found.goal
    return {
        "StackId": found.id,
        "StackName": found.name,
        "ChangeSetId": found.change_set_id,
        "Description": goal.template.description if goal else None,
        "Parameters": parameters(goal),
        "CreationTime": found.created_at,
        "DeletionTime": found.deleted_at,
        "LastUpdatedTime": found.updated_at,
        "RollbackConfiguration": {},
        "StackStatus": found.status,
        "StackStatusReason": found.reason,
        "DisableRollback": found.disable_rollback,
        "NotificationARNs": [],
        "Capabilities": list(goal.capabilities) if goal else None,
        "Outputs": [_output(output) for output in found.outputs] or None,
        "Tags": tags(goal),
        "EnableTerminationProtection": found.termination_protection,
        "DriftInformation": _NOT_CHECKED,
    }


def summary(found: Stack) -> Answer:
    """As ListStacks shows it."""
    return {
        "StackId": found.id,
        "StackName": found.name,
        "TemplateDescription": found.goal.template.description if found.goal else None,
        "CreationTime": found.created_at,
        "LastUpdatedTime": found.updated_at,
        "DeletionTime": found.deleted_at,
        "StackStatus": found.status,
        "StackStatusReason": found.reason,
        "DriftInformation": _NOT_CHECKED,
    }


def event(owner: Stack, found: Event) -> Answer:
    """As DescribeStackEvents shows it."""
    shown = None if found.properties is None else json.dumps(found.properties)
    return {
        "StackId": owner.id,
        "EventId": found.event_id,
        "StackName": owner.name,
        "LogicalResourceId": found.logical_id,
        "PhysicalResourceId": found.physical_id,
        "ResourceType": found.type,
        "Timestamp": found.at,
        "ResourceStatus": found.status,
        "ResourceStatusReason": found.reason,
        "ResourceProperties": shown,
        "ClientRequestToken": found.token,
    }


def resource_summary(found: Resource) -> Answer:
    """As ListStackResources shows it."""
    return {
        "LogicalResourceId": found.declaration.logical_id,
        "PhysicalResourceId": found.physical_id or None,
        "ResourceType": found.declaration.type,
        "LastUpdatedTimestamp": found.changed_at,
        "ResourceStatus": found.status,
        "ResourceStatusReason": found.reason,
        "DriftInformation": {"StackResourceDriftStatus": "NOT_CHECKED"},
    }


def resource_detail(owner: Stack, found: Resource) -> Answer:
    """As DescribeStackResource shows it."""
    metadata = found.declaration.metadata
    return {
        **resource_summary(found),
        "StackName": owner.name,
        "StackId": owner.id,
        "Metadata": json.dumps(metadata) if metadata is not None else None,
    }


def resource(owner: Stack, found: Resource) -> Answer:
    """As DescribeStackResources shows it."""
    shown = resource_summary(found)
    shown["Timestamp"] = shown.pop("LastUpdatedTimestamp")
    return {"StackName": owner.name, "StackId": owner.id, **shown}


def change_set(owner: Stack, found: ChangeSet) -> Answer:
    """As DescribeChangeSet shows it."""
    goal = found.goal
    return {
        **change_set_summary(owner, found),
        "Parameters": parameters(goal),
        "Capabilities": list(goal.capabilities) if goal else None,
        "Tags": tags(goal),
        "NotificationARNs": [],
        "RollbackConfiguration": {},
        "Changes": [_change(change) for change in found.changes],
        "OnStackFailure": found.on_failure,
    }


def change_set_summary(owner: Stack, found: ChangeSet) -> Answer:
    """As ListChangeSets shows it."""
    return {
        "StackId": owner.id,
        "StackName": owner.name,
        "ChangeSetId": found.id,
        "ChangeSetName": found.name,
        "ExecutionStatus": found.execution_status,
        "Status": found.status,
        "StatusReason": found.reason,
        "CreationTime": found.created_at,
        "Description": found.description,
        "IncludeNestedStacks": False,
    }


def parameters(goal: Goal | None) -> list[Answer] | None:
    """A goal's parameters, with **** for what NoEcho hides."""
    if goal is None or not goal.parameters:
        return None
    return [_parameter(parameter) for parameter in goal.parameters.values()]


def tags(goal: Goal | None) -> list[Answer]:
    """A stack's tags."""
    return [{"Key": key, "Value": value} for key, value in (goal.tags if goal else {}).items()]


def declared_parameters(template: Template, *, constraints: bool) -> list[Answer]:
    """A template's parameters as GetTemplateSummary (with constraints) or ValidateTemplate has."""
    found = []
    for name, entry in template.section("Parameters").items():
        shown = {
            "ParameterKey": name,
            "DefaultValue": entry.get("Default"),
            "NoEcho": str(entry.get("NoEcho", False)).lower() == "true",
            "Description": entry.get("Description"),
        }
        if constraints:
            allowed = [str(value) for value in entry.get("AllowedValues", ())]
            shown["ParameterType"] = entry.get("Type")
            shown["ParameterConstraints"] = {"AllowedValues": allowed} if allowed else {}
        found.append(shown)
    return found


def template_facts(template: Template) -> Answer:
    """What ValidateTemplate and GetTemplateSummary both say of a template."""
    capabilities = required_capabilities(template)
    kinds = sorted({entry.type for entry in template.resources.values() if _needs(entry.type)})
    return {
        "Description": template.description,
        "Capabilities": capabilities or None,
        "CapabilitiesReason": (
            f"The following resource(s) require capabilities: [{', '.join(kinds)}]"
            if kinds
            else None
        ),
        "DeclaredTransforms": list(template.transforms) or None,
    }


def _needs(kind: str) -> bool:
    return kind.startswith("AWS::IAM::")


def _parameter(found: Parameter) -> Answer:
    if found.hidden:
        return {"ParameterKey": found.name, "ParameterValue": HIDDEN}
    return {
        "ParameterKey": found.name,
        "ParameterValue": found.given,
        "ResolvedValue": found.stored,
    }


def _output(found: Output) -> Answer:
    return {
        "OutputKey": found.key,
        "OutputValue": found.value,
        "Description": found.description,
        "ExportName": found.export,
    }


def _change(found: Change) -> Answer:
    scope = list(dict.fromkeys(detail.attribute for detail in found.details))
    return {
        "Type": "Resource",
        "ResourceChange": {
            "Action": found.action,
            "LogicalResourceId": found.logical_id,
            "PhysicalResourceId": found.physical_id or None,
            "ResourceType": found.type,
            "Replacement": found.replacement,
            "Scope": scope,
            "Details": [
                {
                    "Target": {
                        "Attribute": detail.attribute,
                        "Name": detail.name,
                        "RequiresRecreation": detail.recreation,
                    },
                    "Evaluation": "Static" if detail.known else "Dynamic",
                }
                for detail in found.details
            ],
        },
    }
