"""A follow-up question is understood by what was asked before."""

from __future__ import annotations

import pytest

from assistant.answer import Turn
from assistant.pipeline import Assistant

RYONCIL = "Is Ryoncil approved in the US?"
KNEE = "Do MSC injections help knee osteoarthritis?"
LUPUS = "Are MSCs given for lupus?"
ALOFISEL = "What did the ADMIRE-CD II trial of Alofisel find?"

CASES = [
    ((RYONCIL,), "and in Japan?", "Is Ryoncil approved in Japan?"),
    ((RYONCIL,), "What about Europe?", "Is Ryoncil approved in Europe?"),
    ((RYONCIL,), "since when?", "Is Ryoncil approved in the US: since when?"),
    ((RYONCIL, "and in Japan?"), "since when?", "Is Ryoncil approved in Japan: since when?"),
    ((RYONCIL,), "Is it approved in Canada?", "Is Ryoncil approved in Canada?"),
    ((RYONCIL,), "And Temcell?", "Is Temcell HS approved in the US?"),
    ((RYONCIL,), "what about Temcell in Japan?", "Is Temcell HS approved in Japan?"),
    ((RYONCIL,), "What are its side effects?", "What are the side effects of Ryoncil?"),
    ((RYONCIL,), "How does it work?", "How does Ryoncil work?"),
    ((RYONCIL,), "who makes it?", "who makes Ryoncil?"),
    ((RYONCIL,), "What did it cost?", "What did Ryoncil cost?"),
    ((RYONCIL,), "In adults?", "Is Ryoncil approved in the US in adults?"),
    ((ALOFISEL,), "Was it withdrawn?", "Was Alofisel withdrawn?"),
    ((ALOFISEL,), "How many people were in the trial?", "How many people were in the ADMIRE-CD II trial (Alofisel)?"),
    (("What is Alofisel?", "Was it approved in Europe?"), "and in 2025?", "Was Alofisel approved in Europe in 2025?"),
    (("What is Stemirac?",), "Is it still approved?", "Is Stemirac still approved?"),
    (("What is Stemirac?",), "and Akuugo?", "What is Akuugo?"),
    ((KNEE,), "What about heart failure?", "Do MSC injections help heart failure?"),
    ((KNEE,), "Is it safe?", "Is MSC therapy for knee osteoarthritis safe?"),
    ((KNEE,), "thanks! what are the risks?", "what are the risks (MSC therapy for knee osteoarthritis)?"),
    ((LUPUS,), "What about their safety?", "What about safety of MSC therapy for lupus?"),
    ((LUPUS,), "Tell me more", "Tell me more about MSC therapy for lupus"),
    (("Can umbilical cord cells help stroke?",), "And bone marrow cells?", "Can bone marrow cells help stroke?"),
    (("Is Cartistem approved in South Korea?",), "What about the US?", "Is Cartistem approved in the US?"),
    # what stands alone stays as it is
    ((KNEE,), "What is the secretome?", "What is the secretome?"),
    ((KNEE,), "What are mesenchymal stromal cells?", "What are mesenchymal stromal cells?"),
    ((KNEE,), "New question: how are MSCs frozen?", "New question: how are MSCs frozen?"),
    (("Can MSCs help ALS?",), "What happened with NurOwn?", "What happened with NurOwn?"),
    (("hello",), "Is Ryoncil approved?", "Is Ryoncil approved?"),
    ((), "Is it safe?", "Is it safe?"),
]


@pytest.mark.parametrize(("asked", "question", "standalone"), CASES)
def test_the_standalone_question(assistant: Assistant, asked: tuple[str, ...], question: str, standalone: str) -> None:
    history = tuple(turn for words in asked for turn in (Turn("user", words), Turn("assistant", "It depends.")))
    answer = assistant.ask(question, history)
    assert (answer.question, answer.standalone_question) == (question, standalone)


PARKINSON = (("my dad has parkinsons", ""), ("would stem cells help", ""))
ALS = (
    (
        "Is anything approved for ALS?",
        "Neuronata-R is approved in South Korea. NurOwn failed its phase 3 trial in the United States.",
    ),
)
KOREAN = (("Which Korean products are there?", "Cartistem, Cupistem, Hearticellgram-AMI, Neuronata-R and Queencell."),)
FISTULA = (
    (
        "What is the evidence for MSCs in Crohn's fistula?",
        "In the ADMIRE-CD trial 50% healed; ADMIRE-CD II found no difference.",
    ),
)
LOMECEL = (("What is Lomecel-B?", "Lomecel-B, from Longeveron, is made of bone marrow MSCs."),)
TWO_PRODUCTS = (("Tell me about NurOwn.", ""), ("And Neuronata-R.", ""))
STROKE = (("Is MultiStem approved for stroke in Japan?", "No. The TREASURE trial in Japan missed its endpoint."),)

CONVERSATIONS = [
    # typed pointing words: the second one, both, that trial, the company, there
    (ALS, "what about the second one?", "Is NurOwn approved for ALS?"),
    (
        ALS,
        "who sponsors the Korean one?",
        "who sponsors Neuronata-R in South Korea (MSC therapy for amyotrophic lateral sclerosis)?",
    ),
    (KOREAN, "tell me about the last one", "tell me about Queencell"),
    (KOREAN, "what is the third one for", "what is Hearticellgram-AMI for"),
    (
        KOREAN,
        "are any of these sold in the US",
        "are any of Cartistem, Cupistem, Hearticellgram-AMI, Neuronata-R and Queencell sold in the US",
    ),
    (FISTULA, "why did the second one fail", "why did ADMIRE-CD II fail (MSC therapy for Crohn's perianal fistula)?"),
    (LOMECEL, "who makes that?", "who makes Lomecel-B?"),
    (LOMECEL, "is the company listed in the US", "is Longeveron listed in the US (Lomecel-B)?"),
    (TWO_PRODUCTS, "do they both use the patient's cells?", "do both NurOwn and Neuronata-R use the patient's cells?"),
    (TWO_PRODUCTS, "which of the two is approved?", "which of NurOwn and Neuronata-R is approved?"),
    (TWO_PRODUCTS, "what is the difference?", "what is the difference (NurOwn and Neuronata-R)?"),
    (STROKE, "was that trial blinded?", "was the TREASURE trial blinded (MultiStem for stroke)?"),
    (
        STROKE,
        "how long do they watch patients there",
        "how long do they watch patients in Japan (MultiStem for stroke)?",
    ),
    ((("Can I get MSCs in Mexico for autism?", ""),), "is it safe there", "is MSC therapy for autism safe in Mexico"),
    # names that no table has
    ((("how many patients were in MSB-GVHD001", ""),), "was it randomised", "was the MSB-GVHD001 trial randomised"),
    ((("What did STEMTRA show?", ""), ("and TREASURE?", "")), "sponsor?", "What about sponsor of TREASURE trial?"),
    # corrections
    ((("Are MSCs used for MS?", ""),), "sorry, lupus not MS", "Are MSCs used for lupus?"),
    ((("Are MSCs used for MS?", ""),), "not MS, lupus", "Are MSCs used for lupus?"),
    ((("is stemirac approved in japan", ""),), "no, korea", "is stemirac approved in South Korea?"),
    ((("Does Cartistem last?", ""),), "I meant in children", "Does Cartistem last in children?"),
    # pieces of a question
    ((("is there anything for COPD", ""),), "asthma then?", "is there anything for asthma?"),
    ((("Do MSCs work for hair loss?", ""),), "how about teeth", "Do MSCs work for teeth?"),
    ((("Do MSCs work for hair loss?", ""),), "n diabtes?", "Do MSCs work for diabetes?"),
    ((("Was Alofisel sold in Spain?", ""),), "n germny?", "Was Alofisel sold in Germany?"),
    ((("Did the FDA warn clinics about exosomes?", ""),), "and the EMA?", "Did the EMA warn clinics about exosomes?"),
    ((("Did the FDA approve Ryoncil?", ""),), "and Canada?", "Did Canada approve Ryoncil?"),
    ((("How many walked at month 6?", ""),), "and after two years?", "How many walked after two years?"),
    ((("How well does Ryoncil work in children?", ""),), "and adults?", "How well does Ryoncil work in adults?"),
    ((("Does Cartistem work?", ""),), "cost?", "What about cost of Cartistem?"),
    # remarks on what was asked
    (
        (("How much does Ryoncil cost?", "194,000 dollars."),),
        "is that a lot?",
        "How much does Ryoncil cost: is that a lot?",
    ),
    (
        (("can MSCs cause cancer?", ""),),
        "has that happened to anyone?",
        "can MSCs cause cancer: has that happened to anyone?",
    ),
    ((("fat or bone marrow?", ""),), "which is safer?", "fat or bone marrow: which is safer?"),
    # longer talks
    (PARKINSON, "he is 75, can he still have it?", "he is 75, can he still have MSC therapy for Parkinson's disease?"),
    ((*PARKINSON, ("how do they give the cells", "")), "ok thanks!", "ok thanks!"),
    (
        (*PARKINSON, ("ok thanks!", "You are welcome.")),
        "and ALS?",
        "would stem cells help (MSC therapy for amyotrophic lateral sclerosis)?",
    ),
    (
        (*ALS, ("What happened with NurOwn?", ""), ("Did the FDA reject it?", "")),
        "is there something in Korea?",
        "is there something in Korea (MSC therapy for amyotrophic lateral sclerosis)?",
    ),
    (
        (("Tell me about the Utah stem cell law.", ""), ("who can give it", ""), ("do they have to warn patients", "")),
        "does Texas have the same?",
        "does Texas have the same (Utah stem cell law)?",
    ),
    # what stands alone stays as it is, though much was said before
    ((*ALS, *LOMECEL), "Can pregnant women get MSCs?", "Can pregnant women get MSCs?"),
    (
        (*STROKE, *KOREAN),
        "What about the law in Canada, can clinics there sell stem cells?",
        "What about the law in Canada, can clinics there sell stem cells?",
    ),
    ((*PARKINSON, *STROKE), "never mind. What does homologous use mean?", "never mind. What does homologous use mean?"),
    (
        (("What did DREAM-HF find?", "The DREAM-HF trial missed its endpoint."), ("Does Cartistem help knees?", "")),
        "how many people were in the trial?",
        "how many people were in the trial (Cartistem for knee osteoarthritis)?",
    ),
    # what cannot be put in is added in brackets
    (
        (("What is Wharton's jelly?", ""),),
        "how do they get cells out of it?",
        "how do they get cells out of it (Wharton's jelly)?",
    ),
    ((("What is lupus?", ""),), "which organs does it attack?", "which organs does lupus attack?"),
]


@pytest.mark.parametrize(("talk", "question", "standalone"), CONVERSATIONS)
def test_what_was_said_before_is_remembered(
    assistant: Assistant, talk: tuple[tuple[str, str], ...], question: str, standalone: str
) -> None:
    turns = [turn for said, answer in talk for turn in (Turn("user", said), Turn("assistant", answer))]
    assert assistant.ask(question, tuple(turns)).standalone_question == standalone


def test_a_follow_up_is_answered_like_the_question_that_it_means(assistant: Assistant) -> None:
    short = assistant.ask("and in Japan?", (Turn("user", "Is Temcell approved in Canada?"), Turn("assistant", "No.")))
    long = assistant.ask("Is Temcell approved in Japan?")
    assert short.claims[0].text.startswith("Yes: Temcell HS (human allogeneic bone-marrow MSC) was approved in Japan")
    assert (short.claims, short.citations) == (long.claims, long.citations)


def test_what_the_assistant_said_is_no_question(assistant: Assistant) -> None:
    history = (Turn("user", "hello"), Turn("assistant", "Ask me about Ryoncil in the US."))
    assert assistant.ask("since when?", history).standalone_question == "hello: since when?"
