"""What the words of a question tell of the asker: their own care, clinics, trials, harm after a treatment."""

from __future__ import annotations

import re

_KIN = (
    r"mum|mom|mam|mother|dad|papa|father|husband|wife|partner|son|daughter|brother|sister|baby|child|kid|boy|girl|"
    r"teenager|nephew|niece|cousin|aunt|auntie|uncle|nan|gran\w*|grandma|grandpa|granddad|friend"
)

_OWN_CARE = re.compile(
    rf"\b(?:my|our) (?:\w+[- ]){{0,2}}(?:{_KIN}|knees?|hips?|back|spine|joints?|shoulders?|eyes?|heart|lungs?|liver|kidneys?|skin|"
    r"scalp|hair|nerves?|fistula|pain|illness|disease|condition|diagnosis|symptoms?|ms|als|ra|oa|gvhd|lupus|diabetes|arthritis|stroke|"
    r"crohn'?s|copd|case|weight|age|legs?|arms?|feet|foot|ears?|knee caps?|tendon|achilles)\b"
    rf"|(?:^|[.!?] )(?:{_KIN}) (?:is|was|has|had|got|can'?t|cannot|needs?|wants?)\b"
    rf"|\b(?:{_KIN}) (?:has|had|is|was|have|wants?|needs?|suffers?|with)\b.*\b(?:could|can|would|will|should|might)\b"
    r"|\b(?:i|we|i'm|i've|im|ive) (?:\w+ )?(?:have|had|got|am|was|were|suffer\w*|want|need|paid|took|been|live with|hurt|weigh|feel|"
    r"thinking|booked|desperate|diagnosed|considering|getting|going|planning|at my wits)\b"
    r"|\b(?:should|can|could|would|will|may|might|shall) i (?:get|have|try|take|go|be|do|still|start|stop|use|benefit|expect|travel|ask|join)\b"
    r"|\b(?:help|cure|treat|fix|heal|for|stop|save) me\b|\b(?:someone|somebody|people|a person) like (?:me|him|her|us)\b"
    r"|\bi(?:'m| am) \d+\b|\bmy (?:nine|eight|seven|six|five|four|three|two|ten|\d+)[- ]year[- ]old\b",
    re.I | re.S,
)
_CLINICS = re.compile(
    r"\b(?:clinics?|exosomes?|abroad|overseas|travel\w*|fly (?:to|out)|flying|medical tourism|tourism|pay(?:s|ing)?|paid|cost\w*|price\w*|"
    r"charg\w+|money|savings|remortgag\w*|loan|deposit|afford|cheap\w*|expensive|euros?|dollars|pounds|rupees|adverti[sz]\w*|facebook|"
    r"instagram|seminar|dinner talk|free talk|tijuana|package|packege|discount|testimonials?|unapproved|unproven|wellness|"
    r"anti-?ag(?:e)?ing|refunds?|insurance|spa|influencer|sales(?:man|person)?|(?:they|he|she|the (?:man|woman|lady|doctor)) "
    r"(?:promis\w+|guarante\w+|claims?|swears?|says? it is (?:legal|safe))|promised me|success rate|no risk|own (?:body|cells)[\"”']?)\b"
    r"|[$€£]\s?\d|\d+ ?(?:usd|eur|gbp)\b",
    re.I,
)
_TRIALS = re.compile(
    r"\b(?:regist(?:ry|ries|ered|er|ration)|clinicaltrials\.gov|NCT\w*|ISRCTN\w*|jRCT\w*|ChiCTR\w*|CTRI|ANZCTR|CTIS|ICTRP|recruit\w*|"
    r"enrol\w*|volunteers?|listed (?:stud|trial)\w*|study website|"
    r"(?:join\w*|tak(?:e|ing) part|participat\w+|enter\w*|find\w*|look up|get into|sign(?:ing)? up|open|ongoing|say yes to|be in|in|for|to) "
    r"(?:\w+ ){0,3}(?:an? |the |any |proper |real )(?:\w+ ){0,2}(?:trial|study)|(?:find|join|look up|search for) (?:\w+ ){0,3}(?:trials|studies)|"
    r"safest (?:path|way|route))\b",
    re.I,
)
_ABOUT_RESULTS = re.compile(
    r"\b(?:what did|result\w*|found|find in|outcome|show(?:ed|n)?|endpoint|arms?|versus|vs|compared|how many|p value)\b",
    re.I,
)
_HARM = re.compile(
    rf"\b(?:i|my|me|he|she|his|her|we|our|{_KIN})\b.*\b(?:after|since|following|from)\b[^.!?]*"
    r"\b(?:inject\w*|infus\w*|treat\w*|stem|cells?|exosomes?|therapy|procedure|clinic|jab|shots?|drip)\b",
    re.I | re.S,
)
_HARMED = re.compile(
    r"\b(?:ill|sick|worse|infect\w*|swell\w*|swollen|fever\w*|rash|reaction|harm\w*|hurt\w*|damag\w*|blind\w*|lost|bad turn|"
    r"complain\w*|paralys\w*|tumou?r|lump|burning|numb\w*|bleed\w*|clot\w*|abscess|died|death)\b",
    re.I,
)
_REPORTING = re.compile(
    r"\b(?:report\w*|tell|complain\w*|complaint|inform|notify|file|helpline|hotline|which agency|authorit\w+)\b.*"
    r"\b(?:side effects?|harm\w*|reactions?|adverse|bad (?:turn|outcome|reaction)|injur\w+|went wrong|problem|complication|clinic)\b"
    r"|\b(?:side effects?|harm\w*|reactions?|adverse|bad (?:turn|outcome|reaction)|injur\w+|complication)\b.*"
    r"\b(?:report\w*|tell|complain\w*|complaint|inform|notify|file|helpline|channel|which agency|authorit\w+)\b",
    re.I | re.S,
)
_REPORT = re.compile(
    r"\b(?:report(?:s|ing)?|complain\w*|complaint|notify|inform|written? down|tell (?:the|an?|some)|where do(?:es)? .* tell|"
    r"yellow card|medwatch)\b",
    re.I,
)
_RESEARCH = re.compile(
    r"\b(?:reported in|trials? report\w*|report\w* (?:a|the|an) (?:rate|risk|difference)|how many|percentage)\b", re.I
)


def own_care(question: str) -> bool:
    """Whether the question is about the asker's or a relative's own care."""
    return bool(_OWN_CARE.search(question))


def about_clinics(question: str) -> bool:
    """Whether it is about sellers of treatments: clinics, exosomes, travel, prices, promises."""
    return bool(_CLINICS.search(question))


def about_joining_trials(question: str) -> bool:
    """Whether it is about registries or taking part in a trial, rather than about what a trial found."""
    return bool(_TRIALS.search(question)) and not _ABOUT_RESULTS.search(question)


def about_harm(question: str) -> bool:
    """Whether somebody was harmed after a treatment, or wants to report harm."""
    if _REPORTING.search(question) and not _RESEARCH.search(question):
        return True
    return bool(_HARM.search(question) and _HARMED.search(question)) and own_harm(question)


def about_reporting(question: str) -> bool:
    """Whether it is about telling somebody of harm."""
    return bool(_REPORT.search(question)) and not _RESEARCH.search(question)


def own_harm(question: str) -> bool:
    """Whether the harm is told as something that happened to somebody the asker knows."""
    return bool(
        re.search(
            rf"\b(?:i|my|we|our) (?:\w+ )?(?:{_KIN}|had|got|went|have|was|am|feel|lost|knees?|eyes?|back|leg)\b",
            question,
            re.I,
        )
    )
