"""The local CloudFormation: change sets, stacks updated in time, rollback, exports (`dms-facts.md` section 5)."""
