"""Publishing to a topic of the local SNS, but never to an address outside this machine."""

from botocore.exceptions import ClientError

from deploy_engine.local_aws.side.services import RegionalServices


def publish(side: RegionalServices, topic_arn: str, subject: str, message: str) -> None:
    """Publish unless a web address subscribed; a topic that was deleted meanwhile hears nothing."""
    sns = side.client("sns")
    try:
        subscriptions = sns.list_subscriptions_by_topic(TopicArn=topic_arn)["Subscriptions"]
        if any(subscription["Protocol"].startswith("http") for subscription in subscriptions):
            return
        sns.publish(TopicArn=topic_arn, Subject=subject, Message=message)
    except ClientError:
        return
