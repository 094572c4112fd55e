package account

// Subjects is a query for all that events are told about: accounts and households, as building_id and subject_id.
const Subjects = "SELECT building_id, account_id AS subject_id FROM account UNION SELECT building_id, household_id AS subject_id FROM household"
