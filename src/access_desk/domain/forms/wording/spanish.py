"""The forms in Spanish."""

from __future__ import annotations

FOLLOW_UP = "copia de seguimiento"
OFFICIAL = (
    "Este papel es el registro del hospital. También se debe entregar el formulario oficial {number} de los Centros de Servicios "
    "de Medicare y Medicaid, con sus espacios llenados."
)
TEXTS: dict[str, tuple[tuple[str, str], ...]] = {
    "consent": (
        (
            "Lo que acepto",
            (
                "Pido atención en este hospital. Acepto los exámenes, las pruebas, los cuidados de enfermería y el "
                "tratamiento que mis médicos y el personal del hospital consideren necesarios. Nadie me ha prometido un "
                "resultado."
            ),
        ),
        (
            "Lo que necesita otro consentimiento",
            (
                "Las operaciones, la anestesia, la sangre y otros procedimientos con riesgos especiales se me explican por "
                "separado, y decido sobre cada uno por separado."
            ),
        ),
        (
            "Mi derecho a decidir",
            (
                "Puedo hacer preguntas en cualquier momento. Puedo rechazar cualquier tratamiento y retirar este "
                "consentimiento, hasta donde lo permita la ley. Si lo hago, me dicen lo que puede significar para mi salud."
            ),
        ),
        (
            "Quién participa",
            (
                "Los médicos pueden ser independientes y no empleados del hospital. Los estudiantes pueden participar en mi "
                "atención bajo supervisión. Puedo decir que no lo deseo."
            ),
        ),
    ),
    "privacy_notice": (
        (
            "Lo que recibí",
            (
                "Recibí el aviso de prácticas de privacidad de este hospital. Dice cómo se puede usar y compartir mi "
                "información de salud y cuáles son mis derechos."
            ),
        ),
        (
            "Mis derechos",
            (
                "Puedo ver mi expediente y tener una copia, pedir correcciones, pedir límites, pedir que se comuniquen "
                "conmigo de otra manera y recibir una lista de a quién se entregó mi información. Puedo quejarme ante el "
                "hospital o ante el Departamento de Salud y Servicios Humanos de los Estados Unidos, y nadie puede tratarme "
                "peor por ello."
            ),
        ),
        (
            "Lo que significa mi firma",
            "Mi firma solo dice que recibí el aviso. No es un consentimiento, y mi atención no depende de ella.",
        ),
    ),
    "patient_rights": (
        (
            "Mis derechos",
            (
                "Tengo derecho a una atención respetuosa, sin abuso ni discriminación; a saber quién me atiende; a participar"
                " en las decisiones sobre mi atención; a la privacidad y la seguridad; a que se avise a mi médico y a una "
                "persona de mi elección que estoy aquí; y a elegir quién me visita."
            ),
        ),
        (
            "Idioma y comunicación",
            "Tengo derecho a un intérprete y a ayuda para oír, hablar o ver, sin costo para mí.",
        ),
        (
            "Si no estoy conforme",
            (
                "Puedo quejarme ante el personal, ante el representante de pacientes del hospital, ante el departamento de "
                "salud del estado y, con Medicare, ante la organización para el mejoramiento de la calidad. Recibo una "
                "respuesta por escrito."
            ),
        ),
        (
            "Mi parte",
            (
                "Doy información correcta sobre mi salud, pregunto cuando no entiendo y respeto a los demás pacientes y al "
                "personal."
            ),
        ),
    ),
    "advance_directive": (
        (
            "Qué es",
            (
                "Una directiva anticipada dice por escrito qué atención deseo si no puedo hablar por mí, o quién decide por "
                "mí: un testamento vital o un poder notarial para la atención médica."
            ),
        ),
        (
            "Mis derechos según la ley del estado",
            (
                "Puedo aceptar o rechazar un tratamiento y hacer una directiva anticipada. Recibí la información escrita del "
                "hospital sobre esto y sobre cómo respeta las directivas anticipadas."
            ),
        ),
        (
            "Es mi elección",
            (
                "No necesito una directiva anticipada para ser atendido, y no me tratan de otra manera con ella o sin ella. "
                "Si tengo una, traigo una copia, y se guarda con mi expediente."
            ),
        ),
    ),
    "assignment": (
        (
            "Pago al hospital",
            (
                "Pido a mis seguros, a Medicare y a Medicaid que paguen lo que deben por esta visita directamente al hospital"
                " y a los médicos que me atienden aquí."
            ),
        ),
        (
            "Información para el pago",
            "Permito que el hospital dé a mis seguros lo que necesitan para decidir sobre el pago.",
        ),
        (
            "Lo que queda a mi cargo",
            (
                "Sigo siendo responsable de los copagos, los deducibles, el coseguro y los servicios que mi plan no cubre, "
                "hasta donde lo permitan la ley y el contrato del plan."
            ),
        ),
    ),
    "financial_policy": (
        (
            "Lo que puedo deber",
            (
                "El hospital cobra a mi seguro. Yo pago lo que mi plan me deja. Puedo pedir una estimación antes de una "
                "atención que se puede planear."
            ),
        ),
        (
            "Ayuda con la cuenta",
            (
                "El hospital tiene una política de ayuda financiera. Me ofrecieron su resumen en lenguaje sencillo. Puedo "
                "solicitarla en cualquier momento, también después de la atención, y son posibles planes de pago."
            ),
        ),
        (
            "Atención de emergencia",
            (
                "La atención de emergencia se da pueda o no pueda pagar. Nadie me pide un pago antes de que me examinen y me "
                "estabilicen."
            ),
        ),
        (
            "Lo que significa mi firma",
            "Recibí esta política. Mi firma no me quita ningún derecho contra una cuenta equivocada.",
        ),
    ),
    "secondary_payer": (
        (
            "Por qué me preguntan",
            "La ley de Medicare pide al hospital averiguar en cada visita si otro seguro debe pagar antes que Medicare.",
        ),
        (
            "Lo que me preguntaron",
            (
                "Me preguntaron por la enfermedad del pulmón negro y los beneficios de veteranos, por un accidente o una "
                "lesión en el trabajo, por enfermedad de los riñones y por un seguro de mi empleo o del de un familiar. Mis "
                "respuestas se guardan con esta visita."
            ),
        ),
        (
            "Lo que significa mi firma",
            "Mis respuestas son correctas hasta donde sé. Aviso al hospital cuando algo cambie.",
        ),
    ),
    "important_message": (
        (
            "Sus derechos como paciente internado",
            (
                "Usted tiene derecho a los servicios que necesita y que Medicare cubre, durante su estancia y después, y a "
                "conocer las decisiones sobre su alta."
            ),
        ),
        (
            "Si cree que le dan el alta demasiado pronto",
            (
                "Usted puede apelar. Llame a la organización para el mejoramiento de la calidad de su estado, cuyo nombre y "
                "teléfono están en el formulario oficial, a más tardar el día de su alta y antes de salir del hospital. La "
                "llamada no cuesta nada. Mientras decide, usted no paga por la estancia más de lo que pagaría de todos modos,"
                " como copagos y deducibles."
            ),
        ),
        (
            "Cuándo lo recibe otra vez",
            (
                "Usted recibe una copia antes de salir, a menos que haya recibido este mensaje dentro de los dos días antes "
                "de salir."
            ),
        ),
        (
            "Lo que significa su firma",
            "Usted recibió este mensaje y entiende que puede apelar. No significa que esté de acuerdo con su alta.",
        ),
    ),
    "observation_notice": (
        (
            "Usted es paciente ambulatorio",
            (
                "Usted recibe servicios de observación. Es paciente ambulatorio del hospital; no está internado. La razón "
                "está en el formulario oficial, llenado por su médico o por el hospital."
            ),
        ),
        (
            "Lo que significa para sus costos",
            (
                "La observación la cubre la Parte B de Medicare, no la Parte A. Puede pagar un copago por cada servicio. Los "
                "medicamentos que usted toma por su cuenta pueden no estar cubiertos."
            ),
        ),
        (
            "Lo que significa para un centro de enfermería",
            (
                "Medicare paga un centro de enfermería especializada solo después de una estancia como paciente internado de "
                "al menos 3 días seguidos. El tiempo en observación no cuenta."
            ),
        ),
        (
            "Preguntas",
            (
                "Pregunte a su enfermera, a su médico o a un trabajador social. Un plan Medicare Advantage puede tener otras "
                "reglas; llame al plan."
            ),
        ),
        (
            "Lo que significa su firma",
            "Usted recibió este aviso, se lo explicaron en voz alta y lo entiende.",
        ),
    ),
    "good_faith_estimate": (
        (
            "Lo que recibe",
            (
                "Usted no tiene seguro para esta atención, o no quiere usarlo. Tiene derecho a una estimación de buena fe de "
                "lo que costará, por escrito, antes de recibirla. La estimación se entrega con este formulario."
            ),
        ),
        (
            "Si la cuenta es más alta",
            (
                "Si le cobran $400 o más por encima de la estimación de cualquier proveedor o centro incluido en ella, puede "
                "disputar la cuenta dentro de los 120 días calendario después de recibirla. Guarde la estimación."
            ),
        ),
        (
            "No es un contrato",
            (
                "La estimación no le obliga a recibir la atención aquí. Se le pueden recomendar otros artículos y servicios "
                "que se estiman por separado."
            ),
        ),
    ),
    "advance_notice": (
        (
            "Lo que dice",
            (
                "Medicare probablemente no pagará el servicio que se nombra en el formulario oficial, por la razón que allí "
                "se da, y usted quizás tenga que pagar lo que allí dice."
            ),
        ),
        (
            "Su elección",
            (
                "Usted elige una opción: quiere el servicio y se cobra a Medicare, para que pueda apelar su decisión; quiere "
                "el servicio sin que se cobre a Medicare; o no quiere el servicio."
            ),
        ),
        (
            "Lo que significa su firma",
            (
                "Usted recibió y entiende este aviso. Nadie puede elegir por usted, y puede hacer todas las preguntas antes "
                "de elegir."
            ),
        ),
    ),
}
