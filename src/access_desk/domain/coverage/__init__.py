"""Who pays for a visit: plans in order of benefits, Medicare secondary payer, eligibility, authorization, clearance."""
