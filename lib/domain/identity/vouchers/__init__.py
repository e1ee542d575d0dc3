"""Rules of PDND vouchers, of the proofs and signatures beside them, and of the linked clients."""
