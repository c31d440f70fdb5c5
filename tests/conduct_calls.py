"""Our own calls for the rules of conduct: three that are led well, and those with every breach.

A line is `A:` for the agent and `C:` for the caller. `BREACHES` names, for each call with
breaches, the cues that must name them.
"""

import datetime
from decimal import Decimal

from agentassist.account import Account, Contact
from agentassist.dialogue import SpokenLine

THIRD_PARTY_US = Account(
    name="Anna Cole",
    creditor="Lakeside Clinic",
    balance=Decimal("482.10"),
    currency="USD",
    country="US",
    role="third_party",
    contacts=(),
    legal_action_authorised=False,
    time_barred=False,
)
BUYER_US_AGAIN = Account(
    country="US",
    role="debt_buyer",
    contacts=(Contact(datetime.datetime(2026, 1, 5, 12, tzinfo=datetime.UTC), reached=True),),
    legal_action_authorised=False,
    time_barred=True,
)
ENERGY_UK = Account(
    name="Liam Robson",
    creditor="Tarnlight Energy",
    currency="GBP",
    country="GB",
    role="first_party",
    legal_action_authorised=False,
)
CARD_AU = Account(
    name="Mia Doyle",
    creditor="Southbank Cards",
    currency="AUD",
    country="AU",
    role="first_party",
    sector="credit_card",
    legal_action_authorised=False,
    time_barred=False,
)

MODEL_US = """
A: Good morning, this is Denise at Harbor Recovery on a recorded line. Am I speaking with Anna
  Cole?
C: This is she.
A: Thank you, Anna. Could you give me your date of birth, so I know it's you?
C: The third of May, nineteen eighty-one.
A: Thank you. This is an attempt to collect a debt, and any information will be used for that
  purpose.
C: Okay. What's it about?
A: It's your Lakeside Clinic bill from June. The balance is four hundred and eighty-two dollars
  and ten cents, with no fees or interest on it.
C: Right. I lost my job in July, so it's been hard to keep up.
A: I'm so sorry to hear that, that must have been a worrying summer. How are you managing at the
  moment?
C: I start a new job on Monday, it's less money but it's steady.
A: So there's a new wage coming, but it's tighter than before, have I got that right?
C: Yes, that's about it.
A: We could spread it over ten months, or hold it for sixty days until you've settled in.
  There's also free debt advice from the NFCC on eight hundred, three eight eight, twenty-two
  twenty-seven.
C: Spreading it sounds good. I could do fifty dollars a month from the first of August.
A: So that's fifty dollars a month, starting on the first of August, until it's cleared. I'll
  send you a letter or an e-mail, whichever you prefer.
C: E-mail is fine. I'll pay the first one on the first of August.
A: To sum up, fifty dollars on the first of each month from August, and I'll e-mail the details
  today. Thank you for talking it through.
C: Thanks for being kind about it.
"""

MODEL_UK = """
A: Hello, it's Bethan from Tarnlight Energy, and calls are recorded. Is that Liam Robson?
C: Aye, that's me.
A: Thanks Liam. Before I go any further, could I have your date of birth and the first line of
  your address?
C: Fourth of June ninety-seven, flat two, Harker Terrace.
A: Thank you. I'm ringing about your gas and electric account from October to January. It's six
  hundred and eighteen pounds forty, and there are no charges on top.
C: I know. I've been off work with depression since Christmas, so it's just sick pay.
A: I'm really sorry to hear that, and thank you for telling me. Is it all right if I make a note
  of that, so you needn't explain it again?
C: Yes, that's fine.
A: Thank you. How does that affect you day to day, and your money?
C: I can't face the post most days, and there's a hundred pounds a month left over.
A: So the letters pile up, and there's about a hundred left after everything, is that right?
C: Spot on.
A: We could set up a small plan, or pause it for two months while you get better. You can also
  get free debt advice from StepChange on oh eight hundred, one three eight, double one double
  one.
C: I'd like a small plan. I could manage thirty pounds a month.
A: Thirty pounds a month it is, starting on the first of April. Nobody is going to take you to
  court over this.
C: That's a relief. I'll pay thirty on the first.
A: So to recap, thirty pounds on the first of each month from April, and I'll text you instead
  of writing. Is there anything else that would help?
C: No, thanks Bethan.
"""

MODEL_AU = """
A: G'day, this is Dale from Southbank Cards, we're on a recorded line. Am I speaking with Mia
  Doyle?
C: Yeah, speaking.
A: Thanks Mia. Can I get your date of birth and your postcode, so I know it's you?
C: Ninth of the ninth, seventy-nine, four eight one two.
A: Perfect. It's about your credit card. The balance is two thousand one hundred and forty
  dollars, and that includes a thirty dollar late fee.
C: Yeah, my hours got cut back in winter and I've been struggling.
A: I'm sorry to hear that, losing hours with everything going up is rough. I'll log that as a
  hardship notice for you, and you'll have an answer within twenty-one days.
C: Oh. I didn't know you could do that.
A: You can, and it costs nothing. What is left over at the end of a fortnight, roughly?
C: About eighty bucks if nothing breaks.
A: So eighty a fortnight in a good one, and less when something breaks, have I got that right?
C: Yeah, pretty much.
A: We could do forty dollars a fortnight, or freeze the interest and wait three months. The
  National Debt Helpline is free too, on one eight hundred, double oh seven, double oh seven.
C: Forty a fortnight is good. I'll pay the first one on Friday.
A: So to sum up, forty dollars each fortnight from Friday, the interest stays frozen, and I'll
  send you an e-mail or a letter to confirm. Which would you rather?
C: E-mail. Thanks mate.
"""

ABUSIVE_US = """
A: Hello, you owe Lakeside Clinic five hundred dollars and I'm collecting it.
C: Sorry, who is this?
A: This is Officer Dalton of the county warrants division. Am I speaking to Anna Cole?
C: Yes, this is Anna. What warrants? I don't understand.
A: You could be arrested for this and go to jail.
C: Jail? Over a doctor's bill? I already paid my share, I don't owe that, and I want to see it
  in writing.
A: Well you need to pay it anyway, so can you make a payment today?
C: I told you that I dispute it. My insurance paid that in full back in June.
A: Then it goes to our attorneys next week and they'll sue you for it.
C: You can talk to my lawyer then, she handles all of it for me now.
A: I don't talk to lawyers. How much can you pay today?
C: Nothing, I said speak to my lawyer, her name is Janet Reed and she's in Dayton.
A: We can garnish your wages and put a lien on your house, you know.
C: Please stop it, I live with my parents and I have two kids here.
A: What would your mother think of this, Anna? Go on, what would she say about her daughter?
C: I'm not listening to any more of this, and I'm going to hang up on you right now. Goodbye.
"""

ABUSIVE_UK = """
A: Right, calls are recorded, and this is about the overdue balance on your account with us.
C: Who is this? Who are you after?
A: Liam Robson. I'm ringing from the legal department of the county court, so listen up.
C: That's me. The court? I lost my job in January and I can't pay that, I'm really struggling.
A: Well, everybody has to pay their way. Can you make a payment today?
C: I've got nothing until the benefits come through, I told your colleague all of that last week.
A: Couldn't you borrow it from your mum then?
C: No. And it's statute barred anyway. It's from two thousand and twelve and I've had nothing
  since.
A: I've heard that one before, Liam. You still need to pay it.
C: I'm in breathing space as well, the advice centre put me in it on Monday and they wrote to you.
A: I haven't seen that. How much can you pay off it this week?
C: I can't, I'm telling you, I've got nothing to pay you with until the spring.
A: It'll go to our solicitors then, and that's the end of it.
C: Please don't do that, I've done all that I can here.
A: We'll have a bailiff at your door by Friday.
C: I'm putting the phone down now.
"""

ABUSIVE_AU = """
A: G'day, calls are recorded, you owe us two thousand bucks on the card.
C: Hang on, who's this? What time do you call this? It's six in the morning here!
A: Dale from Southbank Cards, and I'm talking to Mia Doyle, yeah?
C: Yeah, that's me. You people ring me every single day, it's a disgrace.
A: Well, we've got to get hold of you somehow.
C: My hours got cut and I can't pay it at the moment, I've told three of you that by now.
A: So when are you going to pay it then, Mia? Can you make a payment today?
C: Talk to my financial counsellor, she's dealing with all of it, her name is Ruth Tran.
A: I don't deal with counsellors. Let me take a card payment for it.
C: I've told you, I can't, and she said not to agree to anything without her there.
A: Then we'll take you to court and you'll lose.
C: You can't talk to me like that, it's not on.
A: Don't be so stupid. Are you an idiot or something?
C: There's no need for that, I've been straight with you.
A: Pay up or we'll be round to your house on Friday with a truck.
C: I'm not listening to any more of this, and I'm going to hang up on you right now. Bye.
"""

SPOUSE = """
A: Good evening, this call is recorded. Am I speaking with Dan Cole?
C: No, I'm his wife. He's at the plant until seven.
A: Thanks for telling me. When would be a good time to reach him?
C: Tomorrow after eight, but you can tell me, I pay all of the bills here.
A: Then it's four hundred dollars on the card, from the shop in March.
C: Okay, I know about that one, I'll ask him tonight.
"""

SECOND_TALK = """
A: Hello, this call is recorded. Am I speaking with Anna Cole?
C: Yes, speaking.
A: Your balance with Brightwell is nine hundred dollars, from two thousand and fourteen.
C: That's too old to chase, isn't it?
A: The next step is legal action, I'm afraid, that's what the client wants.
C: I don't think you can do that any more.
"""

MODELS = {
    "us": (MODEL_US, THIRD_PARTY_US),
    "uk": (MODEL_UK, ENERGY_UK),
    "au": (MODEL_AU, CARD_AU),
}
ABUSIVE = {
    "us": (ABUSIVE_US, THIRD_PARTY_US),
    "uk": (ABUSIVE_UK, ENERGY_UK),
    "au": (ABUSIVE_AU, CARD_AU),
}
BREACHES = {
    "us": (
        "us-order.identity",
        "us-false-authority",
        "us-arrest",
        "demand-after-dispute",
        "us-legal-action",
        "us-demand-represented",
        "us-seizure",
        "pressure-through-others",
    ),
    "uk": (
        "uk-order.identity",
        "uk-false-authority",
        "uk-demand-after-hardship",
        "uk-no-borrowing",
        "uk-demand-statute-barred",
        "uk-demand-breathing-space",
        "uk-legal-action",
        "uk-threat",
    ),
    "au": (
        "au-order.identity",
        "au-late-hour",
        "au-many-contacts",
        "au-demand-after-hardship",
        "au-demand-represented",
        "au-legal-action",
        "rephrase-insult",
        "au-threat",
    ),
}


def lines(dialogue: str) -> list[SpokenLine]:
    """The turns of a call as it stands above; what is indented goes on the line before."""
    turns = [line.split(": ", 1) for line in dialogue.strip().replace("\n  ", " ").splitlines()]
    return [SpokenLine("agent" if who == "A" else "caller", text) for who, text in turns]
