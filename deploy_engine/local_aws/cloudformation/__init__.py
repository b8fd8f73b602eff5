"""The local CloudFormation: change sets, stacks that are updated in time, rollback, exports (`dms-facts.md` section 5)."""
