"""The parser's own few sentences: what it says where there is nothing to call."""

from typing import Final

GREETING: Final = "Hello! Tell me what to bill, send or look up, or say “help” to see what I can do."
WELCOME: Final = "You're welcome."
PLEASED: Final = "I'm here whenever you need something billed, sent or looked up."
ALL_RIGHT: Final = "All right, I won't do anything."
NOTHING_CHANGED: Final = "Nothing has been changed. Say it as a request and I'll do it, or say “help” to see how."
NOT_MINE: Final = (
    "I only act on what you ask me yourself, so I left that alone. Tell me in your own words what you would like."
)
OUT_OF_SCOPE: Final = (
    "That is not something I can do. I can create and send invoices, make payment links, look up what is paid "
    "and manage clients and deals: say “help” for more."
)
NEARLY: Final = (
    "I am not sure that I understood you, so I have not done anything. Something like {} I would understand; "
    "“help” shows more."
)
IN_PART: Final = (
    "I did not understand “{}”, so I have not done anything yet. Say that part in other words, or leave it out."
)
CANNOT_CORRECT: Final = "I can't change that after it is done. I can show it to you or make a new one."
CANNOT_UNDO: Final = "That has been done already, and I can't undo it. I can show it to you."
NOTED: Final = "Noted. I have not done anything; tell me if I should."
NOTHING_SAID: Final = "Tell me what to bill, send or look up, or say “help”."
NO_REPORT: Final = (
    "I post no report or list by the calendar but one: the daily digest of what is owed and what came in. Choose its "
    "channel under Settings on the Home tab or with “evie news”. A text of your own goes between quotation marks."
)
NONE_IS_ON: Final = "No automation is on just now, so there is nothing to switch off."
NONE_DOES_THAT: Final = (
    "No automation does that. Say “list the automations” to see what there is; the regular reminders are set under "
    "Settings on the Home tab, or with “evie reminders”."
)
WHO_IS: Final = "I know no client or deal called “{}”. Who is meant?"
STRANGER: Final = "I know nobody called “{}” there. {}"
