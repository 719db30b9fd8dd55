-- Why an alert that fires is said to do so, for people: a line each. Empty where nothing was found out.
ALTER TABLE {database}.alert_transitions ADD COLUMN IF NOT EXISTS explanation String DEFAULT '' AFTER summary;
