"""What a patient will probably owe: the share of a plan's patient, and the good-faith estimate of one without a plan."""
