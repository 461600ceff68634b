"""The forms in English."""

from __future__ import annotations

FOLLOW_UP = "follow-up copy"
OFFICIAL = (
    "This paper is the hospital's record. The official form {number} of the Centers for Medicare and Medicaid Services has to "
    "be handed over as well, with its blanks filled in."
)
TEXTS: dict[str, tuple[tuple[str, str], ...]] = {
    "consent": (
        (
            "What I agree to",
            (
                "I ask for care at this hospital. I agree to the examinations, tests, nursing care and treatment that my "
                "doctors and the hospital's staff find necessary. No one has promised me a result."
            ),
        ),
        (
            "What needs a separate consent",
            (
                "Operations, anesthesia, blood and other procedures with special risks are explained to me separately, and I "
                "decide about each of them separately."
            ),
        ),
        (
            "My right to decide",
            (
                "I may ask questions at any time. I may refuse any treatment and take back this consent, as far as the law "
                "allows. If I do, I am told what it may mean for my health."
            ),
        ),
        (
            "Who takes part",
            (
                "Doctors may be independent and not employed by the hospital. Students may take part in my care under "
                "supervision. I may say that I do not want that."
            ),
        ),
    ),
    "privacy_notice": (
        (
            "What I received",
            (
                "I received this hospital's notice of privacy practices. It says how my health information may be used and "
                "shared, and what my rights are."
            ),
        ),
        (
            "My rights",
            (
                "I may see my record and have a copy, ask for corrections, ask for limits, ask to be reached in another way, "
                "and get a list of those to whom my information was disclosed. I may complain to the hospital or to the U.S. "
                "Department of Health and Human Services, and nobody may treat me worse for it."
            ),
        ),
        (
            "What my signature means",
            "My signature only says that I received the notice. It is not a consent, and my care does not depend on it.",
        ),
    ),
    "patient_rights": (
        (
            "My rights",
            (
                "I have the right to respectful care, free from abuse and discrimination; to know who treats me; to take part"
                " in decisions about my care; to privacy and safety; to have my doctor and somebody of my choice told that I "
                "am here; and to choose who visits me."
            ),
        ),
        (
            "Language and communication",
            "I have the right to an interpreter and to help with hearing, speech or sight, at no cost to me.",
        ),
        (
            "If I am not satisfied",
            (
                "I may complain to the staff, to the hospital's patient representative, to the state's department of health, "
                "and, with Medicare, to the Quality Improvement Organization. I get an answer in writing."
            ),
        ),
        (
            "My part",
            (
                "I give correct information about my health, ask when I do not understand, and respect other patients and the"
                " staff."
            ),
        ),
    ),
    "advance_directive": (
        (
            "What it is",
            (
                "An advance directive says in writing what care I want if I cannot speak for myself, or who decides for me: a"
                " living will or a power of attorney for health care."
            ),
        ),
        (
            "My rights under state law",
            (
                "I may accept or refuse treatment and make an advance directive. I received the hospital's written "
                "information about this and about how it respects advance directives."
            ),
        ),
        (
            "It is my choice",
            (
                "I do not need an advance directive to be treated, and I am not treated differently with or without one. If I"
                " have one, I bring a copy, and it is kept with my record."
            ),
        ),
    ),
    "assignment": (
        (
            "Payment to the hospital",
            (
                "I ask my insurers, Medicare and Medicaid to pay what they owe for this visit directly to the hospital and to"
                " the doctors who treat me here."
            ),
        ),
        (
            "Information for payment",
            "I allow the hospital to give my insurers what they need to decide about payment.",
        ),
        (
            "What remains mine",
            (
                "I stay responsible for copays, deductibles, coinsurance and services that my plan does not cover, as far as "
                "the law and the plan's contract allow."
            ),
        ),
    ),
    "financial_policy": (
        (
            "What I may owe",
            (
                "The hospital bills my insurance. I pay what my plan leaves to me. I may ask for an estimate before care that"
                " can be planned."
            ),
        ),
        (
            "Help with the bill",
            (
                "The hospital has a financial assistance policy. I was offered its plain language summary. I may apply at any"
                " time, also after care, and payment plans are possible."
            ),
        ),
        (
            "Emergency care",
            (
                "Emergency care is given whether or not I can pay. Nobody asks me for payment before I was examined and "
                "stabilized."
            ),
        ),
        (
            "What my signature means",
            "I received this policy. My signature takes none of my rights against a wrong bill.",
        ),
    ),
    "secondary_payer": (
        (
            "Why I am asked",
            ("Medicare law asks the hospital to find out at every visit whether another insurance has to pay before Medicare."),
        ),
        (
            "What I was asked",
            (
                "I was asked about black lung and veterans' benefits, about an accident or an injury at work, about kidney "
                "disease, and about insurance through my own or a family member's employment. My answers are kept with this "
                "visit."
            ),
        ),
        (
            "What my signature means",
            "My answers are correct as far as I know. I tell the hospital when something changes.",
        ),
    ),
    "important_message": (
        (
            "Your rights as an inpatient",
            (
                "You have the right to the services that you need and that Medicare covers, during your stay and after it, "
                "and to know about decisions on your discharge."
            ),
        ),
        (
            "If you think you are discharged too soon",
            (
                "You may appeal. Call the Quality Improvement Organization of your state, whose name and telephone number "
                "stand on the official form, no later than the day of your discharge and before you leave the hospital. The "
                "call costs nothing. While it decides, you do not pay for the stay beyond what you would pay anyway, such as "
                "copays and deductibles."
            ),
        ),
        (
            "When you get this again",
            "You get a copy before you leave, unless you received this within two days of leaving.",
        ),
        (
            "What your signature means",
            (
                "You received this message and understand that you may appeal. It does not mean that you agree with your "
                "discharge."
            ),
        ),
    ),
    "observation_notice": (
        (
            "You are an outpatient",
            (
                "You receive observation services. You are a hospital outpatient; you are not an inpatient. The reason stands"
                " on the official form, filled in by your doctor or the hospital."
            ),
        ),
        (
            "What it means for your costs",
            (
                "Observation is covered by Medicare Part B, not Part A. You may pay a copay for each service. Medicines that "
                "you usually take yourself may not be covered."
            ),
        ),
        (
            "What it means for a nursing facility",
            (
                "Medicare pays for a skilled nursing facility only after an inpatient stay of at least 3 days in a row. Time "
                "in observation does not count."
            ),
        ),
        (
            "Questions",
            ("Ask your nurse, your doctor or a social worker. A Medicare Advantage plan may have other rules; call the plan."),
        ),
        (
            "What your signature means",
            "You received this notice, it was explained to you aloud, and you understand it.",
        ),
    ),
    "good_faith_estimate": (
        (
            "What you receive",
            (
                "You have no insurance for this care, or do not want to use it. You have the right to a good faith estimate "
                "of what it will cost, in writing, before you receive it. The estimate is handed over with this form."
            ),
        ),
        (
            "If the bill is higher",
            (
                "If you are billed $400 or more above the estimate of any provider or facility in it, you may dispute the "
                "bill within 120 calendar days of receiving it. Keep the estimate."
            ),
        ),
        (
            "Not a contract",
            (
                "The estimate does not oblige you to receive the care here. Other items and services may be recommended that "
                "are estimated separately."
            ),
        ),
    ),
    "advance_notice": (
        (
            "What this says",
            (
                "Medicare probably will not pay for the service named on the official form, for the reason given there, and "
                "you may have to pay what it says there."
            ),
        ),
        (
            "Your choice",
            (
                "You choose one: you want the service and Medicare is billed, so that you can appeal its decision; you want "
                "the service without Medicare being billed; or you do not want the service."
            ),
        ),
        (
            "What your signature means",
            (
                "You received and understand this notice. Nobody may choose for you, and you may ask every question before "
                "you choose."
            ),
        ),
    ),
}
