"""The list of all skills. Adding one is its file and a line here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from skills.approve_automation import approve_automation
from skills.automation_runs import automation_runs
from skills.billing_report import billing_report
from skills.cancel_subscription import cancel_subscription
from skills.change_settings import change_settings
from skills.connect_stripe import connect_stripe
from skills.connection_status import connection_status
from skills.create_automation import create_automation
from skills.create_contact import create_contact
from skills.create_invoice import create_invoice
from skills.create_opportunity import create_opportunity
from skills.create_payment_link import create_payment_link
from skills.deactivate_payment_link import deactivate_payment_link
from skills.delete_automation import delete_automation
from skills.disconnect_stripe import disconnect_stripe
from skills.find_contacts import find_contacts
from skills.help import help_with
from skills.list_approvals import list_approvals
from skills.list_automations import list_automations
from skills.list_invoices import list_invoices
from skills.list_opportunities import list_opportunities
from skills.list_payments import list_payments
from skills.list_subscriptions import list_subscriptions
from skills.record_payment import record_payment
from skills.refund_payment import refund_payment
from skills.send_invoice import send_invoice
from skills.send_reminder import send_reminder
from skills.set_automation import set_automation
from skills.set_notification_channel import set_notification_channel
from skills.set_role import set_role
from skills.share_portal import share_portal
from skills.show_invoice import show_invoice
from skills.sync_payment_status import sync_payment_status
from skills.talk_to_human import talk_to_human
from skills.try_automation import try_automation
from skills.update_automation import update_automation
from skills.update_contact import update_contact
from skills.update_invoice import update_invoice
from skills.update_opportunity import update_opportunity
from skills.use_automation import use_automation
from skills.void_invoice import void_invoice

if TYPE_CHECKING:
    from skills.spec import Skill

SKILLS: Final[dict[str, Skill]] = {
    entry.name: entry
    for entry in (
        connect_stripe,
        disconnect_stripe,
        connection_status,
        set_notification_channel,
        set_role,
        create_contact,
        update_contact,
        find_contacts,
        create_opportunity,
        update_opportunity,
        list_opportunities,
        create_invoice,
        update_invoice,
        void_invoice,
        record_payment,
        show_invoice,
        list_invoices,
        create_payment_link,
        deactivate_payment_link,
        send_invoice,
        send_reminder,
        share_portal,
        sync_payment_status,
        refund_payment,
        list_subscriptions,
        cancel_subscription,
        list_payments,
        billing_report,
        create_automation,
        list_automations,
        set_automation,
        update_automation,
        use_automation,
        try_automation,
        list_approvals,
        approve_automation,
        delete_automation,
        automation_runs,
        talk_to_human,
        help_with(lambda: tuple(SKILLS.values())),
    )
}

# What forms alone fill in: nobody asks for it in words, so neither the model nor the grammar knows of it.
FORM_SKILLS: Final[dict[str, Skill]] = {change_settings.name: change_settings}
EVERY_SKILL: Final = SKILLS | FORM_SKILLS
