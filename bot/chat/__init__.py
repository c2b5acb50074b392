"""Everything Telegram: updates in, messages out, and the rules of who may ask what where."""
