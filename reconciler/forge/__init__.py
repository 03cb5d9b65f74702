"""GitHub and GitLab as far as a pipeline needs them: comments, one rolling issue, approved plans; nothing else."""
