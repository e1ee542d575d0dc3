"""Wires the use cases of batches."""

from datetime import timedelta

from lib.composition.areas.messages import MessageUseCases
from lib.composition.areas.notifications import NotificationUseCases
from lib.composition.areas.payment_notices import PaymentNoticeUseCases
from lib.composition.areas.statistics import StatisticsUseCases
from lib.composition.repositories import Repositories
from lib.composition.settings import Settings
from lib.composition.stacks import Ports
from lib.repositories.batches.batch_chunks import BatchChunks
from lib.repositories.batches.batch_files import BatchFiles
from lib.repositories.batches.batch_sweeps import BatchSweeps
from lib.repositories.batches.batches import Batches
from lib.repositories.batches.domicile_lists import DomicileLists
from lib.repositories.batches.file_sets import FileSets
from lib.repositories.batches.settled_messages import SettledMessages
from lib.repositories.batches.templates import Templates
from lib.use_cases.attachments.attach_files import AttachFiles
from lib.use_cases.batches.await_batch import AwaitBatch
from lib.use_cases.batches.checking.check_recipients import CheckRecipients
from lib.use_cases.batches.checking.predict_rows import PredictRows, TrialRoom
from lib.use_cases.batches.checking.upload_parts import UploadParts
from lib.use_cases.batches.checking.upload_recipients import UploadRecipients
from lib.use_cases.batches.create_batch import CreateBatch
from lib.use_cases.batches.expire_batches import ExpireBatches
from lib.use_cases.batches.find_domiciles import FindDomiciles
from lib.use_cases.batches.find_sender import FindSender
from lib.use_cases.batches.follow_batch import FollowBatch
from lib.use_cases.batches.manage_batch import ManageBatch
from lib.use_cases.batches.notice_rows import NoticeRows
from lib.use_cases.batches.recalling.begin_recall import BeginRecall
from lib.use_cases.batches.recalling.cancel_notice import CancelNotice
from lib.use_cases.batches.recalling.recall_chunk import RecallChunk
from lib.use_cases.batches.recalling.recall_state import RecallState
from lib.use_cases.batches.recalling.withdraw_rows import WithdrawRows
from lib.use_cases.batches.sending.close_batch import CloseBatch
from lib.use_cases.batches.sending.finish_batch import FinishBatch
from lib.use_cases.batches.sending.open_run import OpenRun
from lib.use_cases.batches.sending.queue_chunks import QueueChunks
from lib.use_cases.batches.sending.send_chunk import SendChunk
from lib.use_cases.batches.sending.send_part import SendPart
from lib.use_cases.batches.sending.send_row import SendRow
from lib.use_cases.batches.sending.start_batch import StartBatch
from lib.use_cases.batches.templates.manage_templates import ManageTemplates
from lib.use_cases.batches.templates.preview_template import PreviewTemplate, preview_text
from lib.use_cases.batches.templates.save_template import SaveTemplate
from lib.use_cases.batches.wake_batches import WakeBatches
from lib.use_cases.messages.fan_out_message import LogSent
from lib.use_cases.messages.submit_message import CountTrial


class BatchUseCases:
    """Batches from their upload to the result of each row, and the templates of their text."""

    def __init__(
        self,
        ports: Ports,
        settings: Settings,
        repositories: Repositories,
        notifications: NotificationUseCases,
        statistics: StatisticsUseCases,
        messages: MessageUseCases,
        payment_notices: PaymentNoticeUseCases,
        log_sent: LogSent,
        count_trial: CountTrial,
        trial_room: TrialRoom,
        attach: AttachFiles,
    ) -> None:
        clock, queue, citizens = ports.clock, ports.queue, repositories.many_profiles
        batches, chunks = Batches(ports.store), BatchChunks(ports.store)
        recalled = BatchChunks(ports.store, of_recalls=True)
        files = BatchFiles(ports.blobs)
        find_sender = FindSender(repositories.key_holders, clock)
        queue_chunks, finish = QueueChunks(queue, clock), FinishBatch(batches, chunks, clock)
        templates = Templates(ports.store)
        self.save_template = SaveTemplate(templates, clock)
        self.templates = ManageTemplates(templates)
        self.preview_template = PreviewTemplate(self.templates)
        self.preview_text = preview_text
        self.create = CreateBatch(
            batches, repositories.idempotency_keys, self.templates, attach, clock
        )
        sets = FileSets(ports.store)
        self.upload = UploadRecipients(batches, files, sets, find_sender, queue, clock)
        self.upload_parts = UploadParts(batches, files, sets, find_sender, self.upload, clock)
        notices = NoticeRows(
            payment_notices.claim,
            payment_notices.apply,
            repositories.notices,
            repositories.messages,
            find_sender,
            clock,
        )
        predict = PredictRows(
            find_sender, citizens, repositories.payments, notices, trial_room, clock
        )
        self.check = CheckRecipients(batches, files, predict, clock)
        self.manage = ManageBatch(batches, repositories.schedule, find_sender, queue, clock)
        send_row = SendRow(
            repositories.messages,
            SettledMessages(ports.store),
            repositories.payments,
            notices,
            notifications.reach,
            messages.decide,
            notifications.announce,
            statistics.events,
            log_sent,
            messages.withdraw,
            messages.note_sent,
            messages.hold,
            count_trial,
            clock,
            rejected_ttl=settings.rejected_ttl,
        )
        open_run = OpenRun(find_sender, repositories.contents, citizens)
        send_part = SendPart(chunks, files, open_run, send_row, clock)
        self.send_chunk = SendChunk(batches, chunks, files, send_part, queue_chunks, finish, clock)
        close = CloseBatch(chunks, files, repositories.messages, notices, send_part, clock)
        state = RecallState(batches, chunks, recalled, close, clock)
        begin_recall = BeginRecall(state, queue_chunks)
        self.start = StartBatch(
            batches,
            chunks,
            files,
            repositories.messages,
            queue_chunks,
            finish,
            close,
            begin_recall,
            clock,
        )
        cancel_notice = CancelNotice(repositories.messages, find_sender, payment_notices.cancel)
        withdraw_rows = WithdrawRows(chunks, files, messages.withdraw, cancel_notice)
        self.recall_chunk = RecallChunk(
            batches, recalled, state, withdraw_rows, queue_chunks, clock
        )
        self.follow = FollowBatch(batches, chunks, recalled, files)
        self.find_domiciles = FindDomiciles(
            self.follow, ports.digital_domiciles, DomicileLists(ports.store), clock
        )
        self.wait = AwaitBatch(self.follow)
        sweeps = BatchSweeps(ports.store)
        self.wake = WakeBatches(sweeps, batches, chunks, recalled, self.manage, self.upload, clock)
        self.expire = ExpireBatches(
            sweeps,
            batches,
            sets,
            files,
            self.manage,
            clock,
            kept=timedelta(days=settings.batch_retention_days),
        )
