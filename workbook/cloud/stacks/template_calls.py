"""The calls that look at templates and change nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from . import answers
from .errors import no_such_stack
from .registry import Registry
from .stack import Goal, Stack
from .stack_calls import Call, Parameters
from .submission import Submissions
from .template import Template


class TemplateCalls:
    """GetTemplate, GetTemplateSummary, ValidateTemplate.

    Args:
        goal_of: what the change set that a call names is for.
    """

    def __init__(
        self, registry: Registry, submissions: Submissions, goal_of: Callable[[Parameters], Goal]
    ) -> None:
        self._registry = registry
        self._submissions = submissions
        self._goal_of = goal_of

    def calls(self) -> dict[str, Call]:
        """Every call, by AWS's name."""
        return {
            "GetTemplate": self.get_template,
            "GetTemplateSummary": self.get_template_summary,
            "ValidateTemplate": self.validate_template,
        }

    def get_template(self, given: Parameters) -> Parameters:
        if "ChangeSetName" in given:
            template = self._goal_of(given).template
        else:
            template = _template_of(self._registry.get(given["StackName"]))
        body = template.body
        if given.get("TemplateStage") == "Processed" and template.transforms:
            body = json.dumps(template.document)
        return {"TemplateBody": body, "StagesAvailable": ["Original", "Processed"]}

    def get_template_summary(self, given: Parameters) -> Parameters:
        if "StackName" in given:
            template = _template_of(self._registry.get(given["StackName"]))
        else:
            template = self._submissions.unexpanded(given)
        metadata: Any = template.document.get("Metadata")
        return {
            **answers.template_facts(template),
            "Parameters": answers.declared_parameters(template, constraints=True),
            "ResourceTypes": [entry.type for entry in template.resources.values()],
            "Version": template.document.get("AWSTemplateFormatVersion"),
            "Metadata": None if metadata is None else json.dumps(metadata),
        }

    def validate_template(self, given: Parameters) -> Parameters:
        template = self._submissions.unexpanded(given)
        return {
            **answers.template_facts(template),
            "Parameters": answers.declared_parameters(template, constraints=False),
        }


def _template_of(stack: Stack) -> Template:
    if stack.goal is None:
        raise no_such_stack(stack.name)
    return stack.goal.template
