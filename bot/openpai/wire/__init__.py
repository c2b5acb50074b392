"""OpenPAI's dialect without any I/O: requests as values, answers as values or the domain's errors."""
