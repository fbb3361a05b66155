/** What the staff can do, and the words for it. */
export const auditActions = {
  'removal-request.approve': 'Approved a removal request',
  'removal-request.reject': 'Rejected a removal request',
  'opt-out.add': 'Added an opt-out',
  'opt-out.correct': 'Took out an opt-out as a correction',
  'reply.assign': 'Assigned a reply to an account',
  'reply.note': 'Noted why a reply is assigned to nobody',
  'reply.record': 'Had a reply recorded that had been set aside',
  'reply.give-up': 'Noted why a reply need not be recorded',
  'account.suspend': 'Suspended an account',
  'account.reinstate': 'Reinstated an account',
  'account.make-full': 'Made a trial a full account',
  'account.top-up': 'Gave an account credits',
  'account.correct-credits': 'Corrected the credits of an account',
  'account.view': 'Looked into an account',
  'keyword.add': 'Added a platform keyword',
  'keyword.remove': 'Removed a platform keyword',
  'email.send-again': 'Sent an e-mail again',
  'person.reset-factor': 'Took away a lost second factor',
  'staff.add': 'Added a member of staff',
  'staff.send-link': 'Sent a member of staff a new link',
  'staff.change-role': 'Changed the role of a member of staff',
  'staff.suspend': 'Suspended a member of staff',
  'staff.reinstate': 'Reinstated a member of staff',
  'staff.reset-factor': 'Took away a lost second factor of staff',
  'staff.remove': 'Removed a member of staff',
  'registry.upload': 'Handed in an answer of the registry',
  'registry.apply': 'Put an answer of the registry in force',
  'registry.discard': 'Discarded an answer of the registry',
  'settings.save': 'Changed the platform’s settings',
  'carrier.stop': 'Paused a carrier that refuses us',
  'carrier.set-state': 'Paused, resumed or drained a carrier',
  'carrier.save': 'Added or changed a carrier',
  'carrier.remove': 'Removed a carrier',
  'route.save': 'Added or changed a route',
  'route.remove': 'Removed a route',
  'doubt.decide': 'Decided about messages in doubt',
  'doubt.policy': 'Changed what becomes of messages in doubt',
  'retention.save': 'Changed how long texts are kept',
  'retention.erase': 'Erased what was kept long enough',
  'hold.set': 'Set a legal hold',
  'hold.lift': 'Lifted a legal hold',
  'person.find': 'Looked up what there is of a number',
  'person.export': 'Exported what there is of a number',
  'person.complaint': 'Made a complaint pack of a number',
  'person.erase': 'Erased what there was of a number',
} as const;
export type AuditAction = keyof typeof auditActions;

export interface AuditFilter {
  /** Part of the target or of the details. Empty: everything. */
  search: string;
  action: AuditAction | null;
  userId: number | null;
  accountId: number | null;
  /** "2026-11-22": the first and the last day, South African time. */
  from: string | null;
  to: string | null;
}
