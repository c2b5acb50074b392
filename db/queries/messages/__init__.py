"""What comes in and what goes out: inbox, outbox, cards, buttons, dialogs."""
