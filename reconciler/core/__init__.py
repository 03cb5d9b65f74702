"""What the product knows and decides, without IO: desired, live, changes, plan, guards."""
