"""The deployment map, live: what a stage consists of now, and again when it is asked to look.

A thin widget over `deployment.deployment`. A deployment, a rollback or `chalice delete` in another
cell changes what it shows at the next look.
"""

from __future__ import annotations

import html
import inspect
import weakref
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]

from workbook.panels.deployment import Clients, Deployment, deployment
from workbook.panels.static_face import Panel


class DeploymentMap(Panel):
    """A live picture of one stage of an app; see `deployment_map`."""

    def __init__(self, client: Clients, prefix: str) -> None:
        self._client = _not_kept_alive(client)
        self._prefix = prefix
        self._face = deployment(self._client, prefix)
        self._picture = widgets.HTML(value=self._face._repr_html_())
        self._says = widgets.HTML(value="")
        self.button = widgets.Button(
            description="Look again",
            tooltip="Read what is deployed now",
            layout=widgets.Layout(width="auto"),
        )
        self.button.on_click(lambda _: self.look())
        row = widgets.HBox([self.button, self._says], layout=widgets.Layout(flex_flow="row wrap"))
        super().__init__([row, self._picture])

    def face(self) -> Deployment:
        """What was deployed when it last looked."""
        return self._face

    def look(self) -> None:
        """Draw what is deployed now."""
        before = self._face
        try:
            self._face = deployment(self._client, self._prefix)
        except Exception:  # noqa: BLE001  the cloud has been stopped, or its process is gone
            self._say("The cloud does not answer any more. Run the cell that starts it.")
            return
        self._picture.value = self._face._repr_html_()
        self._say("It is as it was." if self._face == before else "It has changed.")

    def _say(self, words: str) -> None:
        self._says.value = f'<span role="status">{html.escape(words)}</span>'


def deployment_map(client: Clients, prefix: str) -> DeploymentMap:
    """What is deployed under that prefix, as a panel that looks again when it is asked.

    Args:
        client: makes a client of a service: ``cloud.client``, or ``boto3.client``.
        prefix: app and stage, as Chalice joins them: ``inventory-service-dev``.
    """
    return DeploymentMap(client, prefix)


def _not_kept_alive(client: Clients) -> Clients:
    """The same, but a cloud still ends when the notebook lets go of its name."""
    if not inspect.ismethod(client):
        return client
    reference = weakref.WeakMethod(client)

    def of_what_is_left(service: str) -> Any:
        method = reference()
        if method is None:
            raise ReferenceError("the cloud is gone")
        return method(service)

    return of_what_is_left
