"""What kind of question this is, decided before any model sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

Verdict = Literal["answer", "redirect", "emergency"]
Reason = Literal["", "own-dose", "own-medicine", "which-clinic", "do-it-yourself"]

_KIN = (
    r"(?:i|i'm|im|ive|i've|id|me|my|we|our|he|she|his|her|him|dad|mum|mom|mother|father|husband|wife|son|daughter|"
    r"brother|sister|baby|child|kid|friend|partner|grandma|grandpa|aunt|uncle)"
)
_CANNOT = r"(?:can ?not|can'?t|cant|couldn'?t|could not|unable to|barely|hardly|struggl\w+ to|hard to|difficult to)"

_SYMPTOMS: dict[str, str] = {
    "breathing": rf"{_CANNOT} (?:\w+ )?(?:breathe?|catch (?:my|his|her) breath)|(?:trouble|difficulty|problems?|hard time) (?:with )?breathing|short(?:ness)? of breath|out of breath|breathless\w*|gasping|wheezing|chok(?:ing|ed)|lips? (?:are |is |turned |turning |going )*blue",
    "chest": r"chest (?:\w+ )?(?:pains?|pressure|tight\w*|hurts?|hurting|crushing)|(?:pain|pressure|tightness) (?:in|on|across) (?:my|his|her|the) chest|(?:my|his|her) chest (?:\w+ )?(?:hurts?|is tight|feels tight)|heart attack right now",
    "sight": rf"(?:lost|losing|loss of|no) (?:my |his |her |the )?(?:eye ?sight|sight|vision)|(?:gone|went|going|suddenly|am|is|became) blind\b|blind in (?:one|my|his|her|the|both)|{_CANNOT} see\b|(?:vision|sight|eye ?sight) (?:\w+ ){{0,2}}(?:gone|going|blurr\w+|dark|black|worse|disappear\w*|lost)|(?:black|dark) curtain|(?:flashes|floaters) (?:and|in)",
    "fever": r"(?:high|bad|terrible|very high) (?:fever|temperature)|fever (?:of |is |at |over |above |about |around |has )*(?:gone up to )?(?:3[89]|4[0-2]|10[1-7])|(?:temp|temperature) (?:of |is |at |over |was |above )*(?:3[89]|4[0-2]|10[1-7])|burning up|(?:fever|feverish) (?:and|with) (?:\w+ )?(?:chills|shak\w+|rigou?rs|stiff|confus\w+)|shaking chills|stiff neck",
    "stroke": rf"(?:face|mouth) (?:\w+ )?(?:droop\w*|sagging|hanging)|(?:slurr\w+|garbled) (?:\w+ )?(?:speech|words|speaking)|speech (?:\w+ )?slurr\w+|slurring|{_CANNOT} (?:\w+ )?(?:move|speak|talk|feel|lift)\b|(?:weak\w*|numb\w*|paraly[sz]\w+) (?:\w+ )?(?:on|in|down) (?:one|my|his|her|the) (?:\w+ )?(?:side|arm|leg|legs|face)|(?:arm|leg|legs|side|face) (?:is |are |went |goes |has gone |gone |suddenly )+(?:\w+ )?(?:numb|weak|limp|paraly[sz]ed)|worst headache|sudden\w* (?:\w+ )?(?:severe|terrible|bad) headache|sudden\w* confus\w+|lost control of (?:my|his|her) (?:bladder|bowels?)",
    "allergy": r"(?:throat|tongue|lips?|face|mouth) (?:\w+ )?(?:is |are |has |have |feels? |keeps? )*(?:closing|swell\w*|swollen|tight\w*|puff\w*)|swollen (?:face|tongue|lips|throat)|anaphyla\w+|hives (?:all|every)\w*|(?:severe|bad) allergic reaction",
    "clot": r"(?:leg|calf|thigh|arm) (?:\w+ )?(?:is |are |has |looks |got |went |keeps |became )*(?:very |really |so |all |badly )*(?:swollen|swell\w*|hot and|red and|puffed)|swollen (?:\w+ )?(?:leg|calf|thigh|arm)|(?:leg|calf) (?:\w+ )?(?:swollen|swelling)|swelling (?:in|of) (?:my|his|her|one|the) (?:\w+ )?(?:leg|calf|thigh|arm)",
    "consciousness": r"passed out|passing out|unconscious|collapsed|faint(?:ed|ing)|seizures?|convuls\w+|won'?t wake|not (?:waking|responding)|unresponsive|fitting",
    "bleeding": r"(?:bleeding|blood) (?:\w+ ){0,2}(?:heavily|won'?t stop|will not stop|not stopping|everywhere)|(?:vomit\w*|cough\w*|throwing|spitting) (?:up )?blood",
    "infection": r"(?:pus|red streaks)\b.*(?:inject\w+|site|knee|joint|wound)|(?:inject\w+|site|knee|joint|wound)\b.*(?:\bpus\b|oozing|red and hot|hot and (?:red|swollen)|swollen and (?:red|hot))",
    "self-harm": r"kill (?:my|him|her)self|suicid\w+|(?:want|going) to die\b|end (?:my|it all|his|her) life|end it all",
}
"""Urgent signs, in everyday words. Sources: the emergency advice cited by `countries.yaml` and the corpus document
on reactions after a treatment."""

_STRONG = ("self-harm",)
"""Signs that are urgent whatever came before them."""

_TREATED = re.compile(
    r"\b(?:after|since|following|from|post|had|got|received|did|given|during|hours? ago|ago|yesterday|last night|this morning|today|"
    r"days? later|hours? later|just)\b.*\b(?:inject\w*|infus\w*|treat\w*|therap\w*|stem|cells?|msc\w*|exosomes?|drip|shots?|jab|"
    r"procedure|clinic|prp|transplant|iv|ryoncil|product|them|it)\b"
    r"|\b(?:inject\w*|infus\w*|treatment|therapy|cells?|exosomes?|drip|shots?|jab|procedure|clinic)\b.*\b(?:yesterday|today|last night|"
    r"this morning|ago|now|since|then|and|just|last week|this week)\b",
    re.I | re.S,
)
_ACUTE = re.compile(
    r"\b(?:right now|now|suddenly|sudden|today|tonight|this morning|yesterday|last night|just|hours?|minutes?|emergency|help|urgent\w*|"
    r"getting worse|worse and worse|an? hour|won'?t stop)\b",
    re.I,
)
_PERSONAL = re.compile(rf"\b{_KIN}\b", re.I)
_GENERAL = re.compile(
    r"\b(?:how (?:common|often|likely|many)|is (?:it|a|an|fever|pain|there|\w+) (?:\w+ )?(?:common|normal|a risk|a known|rare|frequent)|"
    r"(?:in|from) (?:the |any |clinical )?(?:trials?|studies|literature|study)|percentage|incidence|frequency|reported|risks? of|"
    r"rate of|(?:can|could|does|do|might|may|will|would) (?:\w+ ){1,6}?(?:cause|lead to|result in|trigger|help|treat|cure|improve|work|fix|restore)|"
    r"what (?:are|is) the (?:risks?|side effects?|chances?)|side effects? of|possible|evidence|should i (?:worry|watch|look out)|"
    r"what (?:if|happens if)|signs? (?:of|to)|symptoms? (?:of|to)|warning signs?)\b",
    re.I,
)
_PAST = re.compile(
    r"\b(?:\d+|two|three|four|five|six|ten|many|several|some|a few|a couple of) (?:years?|months?) ago|years? ago|last year|in (?:19|20)\d\d|"
    r"since (?:19|20)\d\d|as a child|history of|long ago\b",
    re.I,
)
_READING = re.compile(r"\b(?:i (?:read|heard|saw)|article|news|someone|a (?:woman|man|patient|person) (?:in|who|at)|patients (?:who|with)|people who)\b", re.I)

_REDIRECTS: tuple[tuple[Reason, re.Pattern[str]], ...] = (
    (
        "do-it-yourself",
        re.compile(
            r"\b(?:inject|infuse|administer|give|do)\w* (?:\w+ ){0,4}(?:myself|my ?self|at home|to my (?:wife|husband|son|daughter|mum|mom|dad|child))\b"
            r"|\bself[- ]?(?:inject\w*|administ\w*)|\bhome (?:kit|injection)|\bdo it (?:myself|yourself|at home)|\bdiy\b"
            r"|\b(?:buy|order|get) (?:\w+ ){0,3}(?:stem cells?|exosomes?|mscs?|vials?) (?:\w+ )?(?:online|on the internet|from (?:amazon|ebay|a website))",
            re.I,
        ),
    ),
    (
        "own-medicine",
        re.compile(
            r"\b(?:stop|quit|skip|come off|go off|get off|give up|drop|halve|reduce|cut|change|wean|pause|replace|ditch)\w* (?:\w+ ){0,3}?(?:my|his|her|our|the)\b"
            r" (?:\w+ ){0,3}?(?:medic\w+|meds|drugs?|tablets?|pills?|steroids?|predni\w+|methotrexate|insulin|ruxolitinib|biologics?|injections?|humira|"
            r"adalimumab|infliximab|treatment|chemo\w*|blood thinners?|warfarin|immunosuppress\w+|ciclosporin|cyclosporine|tacrolimus|dmt|ocrelizumab|dose)\b",
            re.I,
        ),
    ),
    (
        "own-dose",
        re.compile(
            r"\b(?:what|which|how (?:much|many|often|high))\b(?:(?!\btrial).)*\b(?:dos\w+|cells?|infusions?|injections?|million|rounds|sessions)\b(?:(?!\btrial).)*\b"
            r"(?:should|do|must|can|would|shall) (?:i|we|my|he|she|my \w+)\b"
            r"|\b(?:my|his|her) (?:own )?(?:dose|dosage)\b"
            r"|\b(?:dose|dosage|many cells|much)\b.*\bfor (?:me|my (?:weight|age|son|daughter|wife|husband|child|mum|mom|dad|mother|father)|a person of my)\b"
            r"|\bi weigh \d+|\bshould i (?:take|get|have|double|increase) (?:\w+ ){0,3}(?:dose|million|cells per|more cells)",
            re.I,
        ),
    ),
    (
        "which-clinic",
        re.compile(
            r"\b(?:which|what|recommend\w*|suggest\w*|best|good|cheapest|nearest|safest|trusted|top|reputable|find me|refer me|know of|choose|pick|book\w*)\b(?:\w|[ ,'-]){0,60}?"
            r"\b(?:clinics?|doctors?|hospitals?|provider|cent(?:er|re)s?|surgeons?|specialists?)\b(?:(?!\b(?:say|claim|tell|promise|sell|approved|risk)).)*"
            r"(?:\?|$|\b(?:near|go|book|in|for|should|to)\b)"
            r"|\bbook (?:me|an?|my|the) (?:\w+ )?(?:appointment|treatment|consultation|session|slot)"
            r"|\bwhere (?:can|should|could|do) (?:i|we|my \w+) (?:go|get|have|book|buy|receive|travel)\b",
            re.I,
        ),
    ),
)
_CLINIC_GENERAL = re.compile(
    r"\b(?:how (?:do|can|to)|what (?:are|is) (?:the )?(?:risks?|signs?|red flags?|questions|dangers?)|why|risks? (?:of|at|from)|unapproved|"
    r"unproven|questions (?:to|should|do) |what (?:should|do|can) i (?:ask|check|look))\b",
    re.I,
)

_VOCABULARY = (
    "breathe breathing breath chest pain fever temperature swollen swelling vision eyesight blind suddenly "
    "injection infusion treatment therapy unconscious seizure collapsed throat tongue headache slurred speech "
    "droop drooping numb allergic reaction anaphylaxis bleeding clinic after stem cells yesterday"
).split()
_COMMON = frozenset(
    "chess paint fewer never ever level lever sell sells cell tell spell pin pan rain gain plane train brain breast "
    "chests breadth breads bread theory theories stream steam item infections infection injury injuries vaccination "
    "television revision division provision version mission blend blinds blinded placebo clinical clinics clinician "
    "treatments treated treat treating injections injected inject injecting infusions infused infuse speak speed "
    "speeches reactions reactive alert altered another other rather further later water alter often better batter "
    "swell swells drop drops number numbers numerous".split()
)


@dataclass(frozen=True, slots=True)
class Triage:
    """The verdict on a question; `signs` names the urgent signs found, `reason` why it is redirected."""

    verdict: Verdict
    reason: Reason = ""
    signs: tuple[str, ...] = ()


def triage(question: str) -> Triage:
    """The kind of a question, from its words alone: rules, so that it takes no time and no model."""
    text = _spelled(question)
    signs = tuple(name for name, pattern in _SYMPTOMS.items() if re.search(rf"\b(?:{pattern})", text, re.I))
    if signs and _urgent(text, signs):
        return Triage("emergency", signs=signs)
    for reason, pattern in _REDIRECTS:
        if pattern.search(text) and not (reason == "which-clinic" and _CLINIC_GENERAL.search(text)):
            return Triage("redirect", reason=reason)
    return Triage("answer")


def _urgent(text: str, signs: tuple[str, ...]) -> bool:
    """Whether the signs are somebody's own, now, rather than a subject of interest or of the past."""
    if any(sign in _STRONG for sign in signs):
        return bool(_PERSONAL.search(text))
    if not _PERSONAL.search(text) and _GENERAL.search(text):
        return False
    if _PAST.search(text) or (_READING.search(text) and not re.search(r"\b(?:i am|i'm|my|i can)\b", text, re.I)):
        return False
    treated, acute = bool(_TREATED.search(text)), bool(_ACUTE.search(text))
    if _GENERAL.search(text) and not (treated and acute):
        return False
    return treated or acute


def _spelled(question: str) -> str:
    """The question in lower case with misspelt key words put right, so that the rules see them."""
    text = question.lower().replace("’", "'")

    def mend(match: re.Match[str]) -> str:
        word = match.group()
        if len(word) < 5 or word in _VOCABULARY or word in _COMMON:
            return word
        limit = 1 if len(word) < 7 else 2
        best = process.extractOne(word, _VOCABULARY, scorer=DamerauLevenshtein.distance, score_cutoff=limit)
        return best[0] if best and best[0][0] == word[0] else word

    return re.sub(r"[a-z]+(?:'[a-z]+)?", mend, text)
