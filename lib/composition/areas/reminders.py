"""Wires the use cases of reminders."""

from lib.composition.areas.notifications import NotificationUseCases
from lib.composition.areas.payments import PaymentUseCases
from lib.composition.areas.statistics import StatisticsUseCases
from lib.composition.repositories import Repositories
from lib.composition.stacks import Ports
from lib.use_cases.reminders.ask_condition import AskCondition
from lib.use_cases.reminders.change_reminder_policy import ChangeReminderPolicy
from lib.use_cases.reminders.change_reminders import ChangeReminders
from lib.use_cases.reminders.process_due_reminder import ProcessDueReminder
from lib.use_cases.reminders.read_reminder_policy import ReadReminderPolicy
from lib.use_cases.reminders.read_reminders import ReadReminders
from lib.use_cases.reminders.schedule_reminder import ScheduleReminder


class ReminderUseCases:
    """Reminders of messages, and senders' policies for them."""

    def __init__(
        self,
        ports: Ports,
        repositories: Repositories,
        notifications: NotificationUseCases,
        payments: PaymentUseCases,
        statistics: StatisticsUseCases,
    ) -> None:
        clock, load_due = ports.clock, notifications.load_due_reminder
        messages, plans = repositories.messages, repositories.reminder_plans
        schedule = repositories.schedule
        self.read_policy = ReadReminderPolicy(repositories.reminder_policies)
        self.change_policy = ChangeReminderPolicy(repositories.reminder_policies)
        self.schedule = ScheduleReminder(messages, plans, repositories.profiles, schedule, clock)
        self.read = ReadReminders(messages, payments.standings, clock, load_due)
        self.change = ChangeReminders(self.schedule, clock)
        self.process_due = ProcessDueReminder(
            messages,
            plans,
            schedule,
            clock,
            notifications.at_once,
            notifications.delegates,
            events=statistics.events,
            look=load_due,
            check_payment=payments.check,
            ask_condition=AskCondition(ports.conditions),
        )
