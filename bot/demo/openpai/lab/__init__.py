"""The emulated cluster without HTTP: accounts, hardware, jobs and their life."""
