"""deploy-scaffold, which is written for Node.js, for those who have Python: see __main__.py."""
