"""What is asked of the database, one module per family of tables. Plain functions of an open transaction."""
