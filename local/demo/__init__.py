"""./dev demo: people and companies, exported into an emulated Dynamics from nothing to the result."""
