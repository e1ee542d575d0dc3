"""Spanish."""

from typing import Final

from lib.rendering.texts.phrases import (
    EmailPhrases,
    NoticePhrases,
    NotificationPhrases,
    Phrases,
    WithdrawalPhrases,
)

SPANISH: Final = Phrases(
    tag="es",
    notifications=NotificationPhrases(
        new="Tienes un mensaje nuevo",
        new_many="Tienes {count} mensajes nuevos",
        read_it="Entra en la app para leerlo",
        read_them="Entra en la app para leerlos",
        unread="Tienes un mensaje sin leer",
        unread_from="Lee el mensaje de {organization}",
        again="Recordatorio: te espera un mensaje",
        again_from="Recordatorio: abre el mensaje de {organization}",
        pay="Tienes un aviso por pagar",
        pay_tomorrow="Tienes un aviso que vence mañana",
        pay_today="Tienes un aviso que vence hoy",
        pay_it="Entra en la app para pagarlo",
        pay_it_in_days="Vence dentro de {days} días: entra en la app para pagarlo",
        pay_it_from="Entra en la app y paga el aviso emitido por {organization}",
        pay_it_from_in_days=(
            "Vence dentro de {days} días: entra en la app y paga el aviso emitido por "
            "{organization}"
        ),
        due_in_days="Tienes un plazo que vence dentro de {days} días",
        due_tomorrow="Tienes un plazo que vence mañana",
        due_today="Tienes un plazo que vence hoy",
        read_about_it="Entra en la app para leer el mensaje",
    ),
    emails=EmailPhrases(
        sender="Entidad",
        service="Servicio",
        subject="Asunto",
        amount="Importe",
        due="Vencimiento",
        reason="Recibes este correo porque activaste los avisos por correo electrónico.",
        do_not_reply=(
            "No respondas: nadie lee este buzón, y nunca pedimos datos por correo electrónico."
        ),
        unsubscribe_service="No recibir más correos de este servicio",
        unsubscribe_all="No recibir más correos de ningún servicio",
        confirm_title="Confirma tu dirección de correo electrónico",
        confirm_asked=(
            "Has pedido recibir los avisos en esta dirección. "
            "Para confirmarla, abre el enlace en un plazo de 24 horas."
        ),
        confirm_button="Confirmar la dirección",
        confirm_ignore="Si no lo has pedido tú, no tienes que hacer nada.",
        changed_title="Tu dirección de correo ha cambiado",
        changed_said=(
            "Esta dirección ya no es la de tu perfil: desde ahora no recibe avisos de las "
            "administraciones."
        ),
        changed_not_you=(
            "Si no has sido tú, entra en la app y comprueba la dirección de correo de tu perfil."
        ),
        data_title="Tus datos están listos",
        data_said="Entra en la aplicación para descargarlos: están disponibles durante 3 días.",
    ),
    payment_notices=NoticePhrases(
        asks="**{who}** te pide un pago de **{amount}**.",
        instalment="Es el plazo {index} de {total}.",
        due="Vencimiento",
        number="Número de aviso",
        payee="Código fiscal del acreedor",
        whole="Puedes pagar todo de una vez con este aviso, o a plazos:",
        parts="El pago es a plazos. Con este aviso pagas el primero:",
        part="{amount}, vencimiento {due}, aviso {number}",
        expires="Después del vencimiento ya no es posible pagar con este aviso.",
        how=(
            "Puedes pagar desde la app o, con el número de aviso, en bancos, oficinas de correos y "
            "los demás proveedores de servicios de pago adheridos a pagoPA."
        ),
        amended="El remitente ha actualizado este aviso: {day}.",
        reopened="El remitente había anulado este aviso: vuelve a ser válido desde el {day}.",
    ),
    withdrawals=WithdrawalPhrases(
        withdrawn="**El remitente ha retirado este mensaje: {moment}.**",
        reason="Motivo: {reason}",
        superseded="El remitente lo ha sustituido por un mensaje nuevo.",
        cancelled="El remitente ha anulado este aviso de pago: no tienes que pagarlo. Si "
        "ya has pagado una parte, contacta con el remitente.",
    ),
)
