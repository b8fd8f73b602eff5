"""Events and subscriptions to them (`dms-facts.md` section 8)."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from deploy_engine.local_aws.dms.events import CATEGORIES
from deploy_engine.local_aws.dms.naming import exists, not_found
from deploy_engine.local_aws.dms.operations.paging import filtered, page
from deploy_engine.local_aws.dms.operations.table import DMS
from deploy_engine.local_aws.dms.operations.tags import set_tags
from deploy_engine.local_aws.dms.state import EventSubscription
from deploy_engine.local_aws.errors import AwsError

if TYPE_CHECKING:
    from deploy_engine.local_aws.world import Region

MINUTE = 60.0


@DMS.operation(
    "DescribeEvents",
    "SourceIdentifier SourceType StartTime EndTime Duration EventCategories MaxRecords Marker",
)
def describe_events(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Describe events, oldest first: those of the last hour unless a time is given."""
    end = members.get("EndTime", region.now)
    start = members.get("StartTime", end - members.get("Duration", 60) * MINUTE)
    categories = set(members.get("EventCategories", []))
    wanted = [
        event
        for event in region.dms.events
        if start <= event.at <= end
        and members.get("SourceIdentifier", event.source) == event.source
        and members.get("SourceType", event.source_type) == event.source_type
        and (not categories or categories & set(event.categories))
    ]
    found, marker = page(wanted, members)
    return {
        "Events": [
            {
                "SourceIdentifier": event.source,
                "SourceType": event.source_type,
                "Message": event.message,
                "EventCategories": event.categories,
                "Date": event.at,
            }
            for event in found
        ],
        "Marker": marker,
    }


@DMS.operation("DescribeEventCategories", "SourceType")
def describe_event_categories(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Describe the categories of each kind of source."""
    wanted = members.get("SourceType")
    return {
        "EventCategoryGroupList": [
            {"SourceType": kind, "EventCategories": names}
            for kind, names in CATEGORIES.items()
            if wanted in (None, kind)
        ]
    }


@DMS.operation(
    "CreateEventSubscription", "SubscriptionName SnsTopicArn SourceType EventCategories SourceIds Enabled Tags"
)
def create_event_subscription(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Subscribe a topic to events."""
    name = members["SubscriptionName"]
    if name in region.dms.subscriptions:
        raise exists(f"Event subscription {name} already exists.")
    subscription = EventSubscription(
        name=name,
        topic_arn=_checked_topic(region, members["SnsTopicArn"]),
        source_type=members.get("SourceType"),
        categories=members.get("EventCategories", []),
        source_ids=members.get("SourceIds", []),
        enabled=members.get("Enabled", True),
        created=region.now,
    )
    _check_categories(subscription.source_type, subscription.categories)
    _check_sources(region, subscription)
    set_tags(region, region.arn("dms", f"es:{name}"), members.get("Tags"))
    region.dms.subscriptions[name] = subscription
    return {"EventSubscription": _view(region, subscription)}


@DMS.operation("DescribeEventSubscriptions", "SubscriptionName Filters MaxRecords Marker")
def describe_event_subscriptions(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Describe one subscription, or those that pass the filters."""
    if "SubscriptionName" in members:
        return {"EventSubscriptionsList": [_view(region, _at(region, members["SubscriptionName"]))]}
    subscriptions = filtered(
        [region.dms.subscriptions[name] for name in sorted(region.dms.subscriptions)],
        members,
        {"event-subscription-id": lambda subscription: subscription.name},
        "No event subscriptions found matching these filters.",
    )
    found, marker = page(subscriptions, members)
    return {"EventSubscriptionsList": [_view(region, subscription) for subscription in found], "Marker": marker}


@DMS.operation("ModifyEventSubscription", "SubscriptionName SnsTopicArn SourceType EventCategories Enabled")
def modify_event_subscription(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """Change a subscription."""
    subscription = _at(region, members["SubscriptionName"])
    kind = members.get("SourceType", subscription.source_type)
    categories = members.get("EventCategories", subscription.categories)
    _check_categories(kind, categories)
    subscription.topic_arn = _checked_topic(region, members.get("SnsTopicArn", subscription.topic_arn))
    subscription.source_type, subscription.categories = kind, categories
    subscription.enabled = members.get("Enabled", subscription.enabled)
    return {"EventSubscription": _view(region, subscription)}


@DMS.operation("DeleteEventSubscription", "SubscriptionName")
def delete_event_subscription(region: "Region", members: dict[str, Any]) -> dict[str, Any]:
    """End a subscription."""
    subscription = _at(region, members["SubscriptionName"])
    del region.dms.subscriptions[subscription.name]
    region.dms.tags.pop(region.arn("dms", f"es:{subscription.name}"), None)
    return {"EventSubscription": _view(region, subscription)}


def _at(region: "Region", name: str) -> EventSubscription:
    subscription = region.dms.subscriptions.get(name)
    if subscription is None:
        raise not_found(f"Event subscription {name} cannot be found.")
    return subscription


def _checked_topic(region: "Region", arn: str) -> str:
    try:
        region.side.client("sns").get_topic_attributes(TopicArn=arn)
    except ClientError as error:
        raise AwsError("SNSInvalidTopicFault", f"The SNS topic {arn} is not valid.") from error
    return arn


def _check_categories(source_type: str | None, categories: list[str]) -> None:
    if source_type not in (None, *CATEGORIES):
        raise AwsError("InvalidParameterValueException", f"The source type {source_type!r} is not valid.")
    known = set(CATEGORIES[source_type]) if source_type else {name for names in CATEGORIES.values() for name in names}
    unknown = sorted(set(categories) - known)
    if unknown:
        raise AwsError("InvalidParameterValueException", f"The event category {unknown[0]!r} is not valid.")


def _check_sources(region: "Region", subscription: EventSubscription) -> None:
    """Refuse sources without their type, and sources that do not exist."""
    if not subscription.source_ids:
        return
    if subscription.source_type is None:
        raise AwsError("InvalidParameterCombinationException", "SourceIds require a SourceType.")
    state = region.dms
    existing = {item.identifier for item in state.instances.values()}
    if subscription.source_type == "replication-task":
        existing = {item.identifier for item in state.tasks.values()}
    missing = sorted(set(subscription.source_ids) - existing)
    if missing:
        raise not_found(f"The source {missing[0]} of the event subscription cannot be found.")


def _view(region: "Region", subscription: EventSubscription) -> dict[str, Any]:
    return {
        "CustomerAwsId": region.world.account,
        "CustSubscriptionId": subscription.name,
        "SnsTopicArn": subscription.topic_arn,
        "Status": "active",
        "SubscriptionCreationTime": datetime.fromtimestamp(region.shown(subscription.created), UTC).isoformat(),
        "SourceType": subscription.source_type,
        "SourceIdsList": subscription.source_ids,
        "EventCategoriesList": subscription.categories,
        "Enabled": subscription.enabled,
    }
