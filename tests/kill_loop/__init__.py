"""Killing a playing day at random points, and cutting its power: nothing that was acknowledged may be lost or doubled."""
