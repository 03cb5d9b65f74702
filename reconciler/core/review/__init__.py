"""The access review: who may do what in an account, what is wrong with it, and what changed since the last one."""
