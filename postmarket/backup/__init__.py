"""
Backup and restore: everything a site is, in one file, made while it runs.

docs/backup.md says how to use it, docs/adr/0045-backup.md why it is made so.
"""
