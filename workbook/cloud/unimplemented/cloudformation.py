"""CloudFormation's calls; what a template may not say is refused by stacks/."""

from __future__ import annotations

from workbook.cloud.missing import Missing

from .entry import Unimplemented

TABLE: tuple[Unimplemented, ...] = (
    Unimplemented(Missing.STACK_SETS, "cloudformation", "CreateStackSet"),
    Unimplemented(Missing.DRIFT_DETECTION, "cloudformation", "DetectStackDrift"),
    Unimplemented(Missing.STACK_POLICIES, "cloudformation", "SetStackPolicy"),
    Unimplemented(Missing.TYPE_REGISTRY, "cloudformation", "RegisterType"),
    Unimplemented(Missing.GENERATED_TEMPLATES, "cloudformation", "CreateGeneratedTemplate"),
)
