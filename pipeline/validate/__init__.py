"""Validation: rules from TOML, checked in the database by Great Expectations; what fails and what that means.

worker = validate.start()                      # early: the import takes seconds
results = validate.run(path, rules, worker)    # our own connection to the file must be closed
validate.record(path, results)                 # into audit.rule_results
validate.failed_critical(results)              # problems for exit 12
"""

from pipeline.validate.check import failed_critical, record, run
from pipeline.validate.page import write as write_page
from pipeline.validate.rules import Rule, load_rules, rule_sql
from pipeline.validate.worker import start

__all__ = ["Rule", "failed_critical", "load_rules", "record", "rule_sql", "run", "start", "write_page"]
