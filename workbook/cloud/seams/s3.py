"""S3: what happens to an object is told once, when the call has done its work; names of buckets.

Which of it a bucket's notifications ask for, and who is told, is decided in events/.
"""

from __future__ import annotations

import re
from functools import wraps
from typing import Any

from .hooks import Hooks
from .seam import Replacement, Seams

SEAMS = Seams()


@SEAMS.at(
    "moto.s3.notifications",
    "send_event",
    "account_id event_name bucket key",
    rests_on="_invoke_awslambda(",
    replaces="runs functions inside the caller's request, with a stub of an event, errors unseen",
)
def _notify_later(original: Replacement, hooks: Hooks) -> Replacement:
    def send_event(account_id: str, event_name: Any, bucket: Any, key: Any) -> None:
        event = getattr(event_name, "value", event_name)
        if bucket.notification_configuration is not None and event not in _WITH_EVERY_UPLOAD:
            hooks.object_changed(account_id, event, bucket, key)

    return send_event


# moto reports these of every object that is put; S3 only when they are asked for by themselves.
_WITH_EVERY_UPLOAD = ("s3:ObjectTagging:Put", "s3:ObjectAcl:Put")


# Page "General purpose bucket naming rules"
_BUCKET = re.compile(r"(?!xn--|\d+(\.\d+){3}$)[a-z0-9](?!.*\.\.)[a-z0-9.-]{1,61}[a-z0-9]")


@SEAMS.at(
    "moto.s3.models",
    "S3Backend.create_bucket",
    "self bucket_name region_name bucket_namespace",
    rests_on="MIN_BUCKET_NAME_LENGTH <= len(bucket_name) <= MAX_BUCKET_NAME_LENGTH",
    replaces="looks at nothing of a name but its length",
)
def _check_names(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def create_bucket(
        self: Any, bucket_name: str, region_name: str, bucket_namespace: str | None = None
    ) -> Any:
        if not _BUCKET.fullmatch(bucket_name):
            from moto.s3.exceptions import InvalidBucketName

            raise InvalidBucketName
        return original(self, bucket_name, region_name, bucket_namespace)

    return create_bucket


@SEAMS.at(
    "moto.s3.responses",
    "S3Response.put_object_tagging",
    "self",
    rests_on="self.backend.put_object_tagging(key=key_to_tag, tags=tagging)",
    replaces="reports tags that come with an upload as tags that are added later",
)
def _report_tags(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def put_object_tagging(self: Any) -> Any:
        answer = original(self)
        key = self.backend.get_object(
            self.bucket_name, self.parse_key_name(), version_id=self._get_param("versionId")
        )
        _report(self, hooks, "s3:ObjectTagging:Put", key)
        return answer

    return put_object_tagging


@SEAMS.at(
    "moto.s3.responses",
    "S3Response.put_object_acl",
    "self",
    rests_on="self.backend.put_object_acl(self.bucket_name, key_name, acl)",
    replaces="reports an ACL that comes with an upload, or is what it was, as a change",
)
def _report_changed_acls(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def put_object_acl(self: Any) -> Any:
        key = self.backend.get_object(self.bucket_name, self.parse_key_name())
        before = _grants(key)
        answer = original(self)
        if _grants(key) != before:
            _report(self, hooks, "s3:ObjectAcl:Put", key)
        return answer

    return put_object_acl


def _grants(key: Any) -> Any:
    grants = key.acl.grants if key is not None and key.acl is not None else ()
    return [(grant.permissions, [(who.id, who.uri) for who in grant.grantees]) for grant in grants]


def _report(response: Any, hooks: Hooks, event: str, key: Any) -> None:
    bucket = response.backend.get_bucket(response.bucket_name)
    if bucket.notification_configuration is not None:
        hooks.object_changed(response.backend.account_id, event, bucket, key)


@SEAMS.at(
    "moto.s3.models",
    "FakeBucket.set_notification_configuration",
    "self notification_config",
    rests_on="notifications.send_test_event(",
    replaces="keeps a configuration that is refused in the end",
)
def _keep_what_was_notified(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def set_notification_configuration(self: Any, notification_config: Any) -> None:
        before = self.notification_configuration
        try:
            original(self, notification_config)
        except BaseException:
            self.notification_configuration = before
            raise

    return set_notification_configuration


@SEAMS.at(
    "moto.s3.notifications",
    "send_test_event",
    "account_id bucket",
    rests_on="_get_test_event(bucket.name)",
    replaces="sends s3:TestEvent without the ids that AWS puts in it",
)
def _test_later(original: Replacement, hooks: Hooks) -> Replacement:
    def send_test_event(account_id: str, bucket: Any) -> None:
        hooks.notifications_put(bucket)

    return send_test_event


@SEAMS.at(
    "moto.s3.responses",
    "S3Response._notification_config_from_body",
    "self",
    rests_on='assert filter_rule["Name"] in ["suffix", "prefix"]',
    replaces="fails on Prefix and Suffix with a capital, as Chalice writes them and S3 takes them",
)
def _filters_in_either_case(original: Replacement, hooks: Hooks) -> Replacement:
    filter_name = re.compile(r"<Name>(prefix|suffix)</Name>", re.IGNORECASE)

    def _notification_config_from_body(self: Any) -> dict[str, Any]:
        body = self.body.decode() if isinstance(self.body, bytes) else self.body
        self.body = filter_name.sub(
            lambda found: found[0].replace(found[1], found[1].lower()), body
        )
        configuration: dict[str, Any] = original(self)
        return configuration

    return _notification_config_from_body


@SEAMS.at(
    "moto.s3.responses",
    "S3Response.get_bucket_notification",
    "self",
    rests_on='self.data["Action"] = "GetBucketNotificationConfiguration"',
    replaces="leaves EventBridge out, so that who reads, adds and puts back switches it off",
)
def _answer_with_eventbridge(original: Replacement, hooks: Hooks) -> Replacement:
    @wraps(original)
    def get_bucket_notification(self: Any) -> Any:
        held = self.backend.get_bucket_notification_configuration(self.bucket_name)
        if held is None or held.event_bridge is None:
            return original(self)
        serialized = self.serialized

        def with_eventbridge(result: Any) -> Any:
            result.result["EventBridgeConfiguration"] = {}
            return serialized(result)

        self.serialized = with_eventbridge
        return original(self)

    return get_bucket_notification
