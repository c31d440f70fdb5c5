"""Every number that live audio is judged by, with where it comes from.

Levels are decibels of full scale (dBFS: 0 is a square wave as loud as it can be), times are
seconds. "Measured" means on the bundled call, with simulated rooms and with PulseAudio 16.
"""

# When sound counts as late, lost or gone.

LATE = 0.5
"""Nothing came for so long: silence is put in. PulseAudio delivered within 0.05 (measured); a
busy machine holds a thread up for 0.3."""

SLACK = 0.2
"""Sound may be so far off the wall clock before it is moved, and then only where it is quiet:
two sound cards differ by up to 100 parts in a million (USB Audio Class 2.0), 0.36 an hour."""

LOST = 1.0
"""Sound so late has a hole in front of it, which is filled whatever is being said."""

AHEAD = 3.0
"""Sound so far ahead of the wall clock can't be true, and is dropped."""

STALLED = 3.0
"""A stream that is open and gives nothing for so long is opened again. The monitor of an idle
null sink of PulseAudio 16 gives its first sound after 2 (measured)."""

TAIL = 0.3
"""Listened on after hanging up, for what is still on its way from the device."""

# What a channel's own sound tells.

QUIET = -50.0
"""Below it nobody speaks: telephone speech lies 15 to 35 under full scale (ITU-T P.56, G.712),
room noise in a headset's microphone below -55."""

NOTHING = -90.0
"""Below it there is no microphone and no line, only zeros or their dither: one step of 16 bits
is -90.3. A live microphone's own noise lies above -80."""

NOTHING_AT_FIRST = 10.0
"""Nothing at all since the call began: one side has usually spoken within the first seconds."""

NOTHING_SINCE = 30.0
"""Nothing at all after there was something. Long enough for a hold without music, and for a
headset that gates its noise to zero while the agent listens."""

CLIPPED = 0.999
"""Of full scale."""

CLIPPED_RUN = 3
"""So many samples in a row at full scale are clipped: the usual count of a mastering meter's
"over"; natural speech touches full scale one sample at a time."""

CLIPPED_SECONDS = 1.0
"""Tenths of a second with a clipped run that make a fault, within CLIPPED_WITHIN."""

CLIPPED_WITHIN = 10.0

CLEAR_AGAIN = 30.0
"""Speech without clipping, or without echo, that ends the fault."""

# A rate that lies.

RATE_WINDOW = 5.0
"""Two such windows in a row have to agree before a rate is believed to be another."""

RATE_SLACK = 0.25
RATE_SHARE = 0.03
"""Samples may be off by the slack and that share of the window: 44.1 taken for 48 kHz, the
smallest confusion there is, is off by 0.081."""

RATE_PAUSE = 0.3
"""A pause so long begins the counting anew: a device may give nothing while nothing plays."""

# Echo of the caller in the agent's microphone.

ECHO_WINDOW = 0.5
ECHO_AHEAD = 0.2
"""A block is judged by a window of sound around it, that much of it behind the block."""

ECHO_DELAY = 0.6
"""Longest way from the monitor to the loudspeaker, through the room and the microphone:
Bluetooth takes 0.15 to 0.3 (A2DP), a sound server up to 0.2."""

ECHO_LEAD = 0.05
"""The microphone may be captured that much sooner than the monitor."""

ECHO_FIRST = 0.55
ECHO_KNOWN = 0.4
"""Share of the microphone's power that the far end explains (magnitude-squared coherence, as in
Gänsler and others, A double-talk detector based on coherence, IEEE Trans. Comm. 44, 1996), at
first and once the echo's delay is known. Measured: echo alone 0.5 to 0.99, the agent alone or
over the caller below 0.3 in 95 of 100."""

ECHO_DRIFT = 0.02
"""A known delay may change by that much."""

ECHO_SECONDS = 0.5
"""Echo heard for so long is told."""

ALIKE = 0.97
ALIKE_LEVEL = 1.5
ALIKE_SECONDS = 3.0
"""Correlation, decibels apart, and how long: one device captured twice gives 1.0 and 0; the
leak of a headset reached 0.95 and is 10 apart."""

# The machine.

SUSPENDED = 2.0
"""The machine's own count of sleep grew by so much."""

WATCH = 0.25
"""Between two looks at the devices: below half a second a break is told as it happens."""

RETRY = 0.5
"""Between two tries to open a device that is there."""
