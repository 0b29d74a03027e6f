/**
 * What opens only when it is asked for: a part of the script of its own, so that the table is there sooner. It is
 * fetched as soon as the table is (see `onDemand.ts`), for it must open offline too.
 */
export { openBin } from "./bin";
export { openAbsence } from "./differences";
export { headerWhenBack } from "./header";
export { HistoryPanel } from "./historyPanel";
export { joinMenu } from "./manageColumn";
export { forgetRefused, openRefused, proposeRefused } from "./refused";
export { RowPanel } from "./rowPanel";
export { openShortcuts } from "./shortcuts";
export { tellNotice, tellOvertaken } from "./telling";
export { openWentBack } from "./wentBack";
