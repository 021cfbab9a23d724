"""What stands between the spiders and the network: the address guard, and the pace of each host."""
