# SPDX-License-Identifier: GPL-3.0-or-later
"""Signoff's bridge: each purchase is posted, amended and cancelled once for its key."""
