"""Accounts as another system exports them: tables read into accounts, and the list of them."""
