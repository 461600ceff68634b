"""Whether two records are one person: names and dates made comparable, fields compared, evidence weighed."""
