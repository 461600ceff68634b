"""Day files played by the program, against what an independent model says of them."""
