import type { ErrorCode, Language } from '../../contract/index'
import { programText } from '../../shared/program-texts'

/** What the main process itself says: menus, native dialogs, notices. The pages have their own texts. */
const english = {
  /** Of these texts. */
  language: 'en',
  productName: 'Agent Session Monitor',

  file: 'File',
  openFolder: 'Open Log Folder…',
  openFile: 'Open Log File…',
  openSample: 'Open Sample Log',
  newWindow: 'New Window',
  openRecent: 'Open Recent',
  noRecent: 'Nothing Opened Lately',
  clearRecent: 'Clear',
  export: 'Export',
  exportReport: 'Report (JSON)…',
  exportReportCsv: 'Report (CSV)…',
  exportReportMarkdown: 'Report (Markdown)…',
  exportRounds: 'Filtered Rounds (NDJSON)…',
  exportSession: 'Session (JSON)…',
  exportSessionMarkdown: 'Session (Markdown)…',
  settings: 'Settings…',
  closeWindow: 'Close Window',
  quit: 'Quit',

  edit: 'Edit',
  undo: 'Undo',
  redo: 'Redo',
  cut: 'Cut',
  copy: 'Copy',
  paste: 'Paste',
  selectAll: 'Select All',
  find: 'Find…',
  findNext: 'Find Next',
  findPrevious: 'Find Previous',

  go: 'Go',
  back: 'Back',
  forward: 'Forward',
  window: 'Window',

  view: 'View',
  overview: 'Overview',
  sessions: 'Sessions',
  insights: 'Insights',
  search: 'Search',
  compare: 'Compare',
  sources: 'Sources',
  theme: 'Theme',
  themeSystem: 'Like the System',
  themeLight: 'Light',
  themeDark: 'Dark',
  actualSize: 'Actual Size',
  zoomIn: 'Zoom In',
  zoomOut: 'Zoom Out',
  fullScreen: 'Full Screen',
  reload: 'Reload',
  developerTools: 'Developer Tools',

  help: 'Help',
  palette: 'Command Palette…',
  shortcuts: 'Keyboard Shortcuts',
  openReadme: 'Read Me',
  about: 'About Agent Session Monitor',
  openDataFolder: 'Open Data Folder',
  checkUpdates: 'Check for Updates…',
  updateFound: 'Version {version} is available',
  updateFoundHint: 'Nothing was downloaded. Settings → About leads to the folder it is in.',
  aboutText:
    'Turns the access logs of a Higress AI gateway into sessions, tokens, cost and readable conversations. Nothing of them leaves this computer.',

  chooseFolderTitle: 'Choose the folder with the gateway’s access logs',
  chooseFileTitle: 'Choose an access log',
  watch: 'Watch',
  logFiles: 'Logs',
  allFiles: 'All files',
  saveReportTitle: 'Save the report: {scope}',
  saveRoundsTitle: 'Save rounds: {scope}',
  scopeAll: 'everything read',
  unnamed: '(none)',
  filterModel: 'Model',
  filterConsumer: 'Consumer',
  filterSource: 'Source',
  filterStatus: 'Status',
  statusOk: 'OK',
  statusError: 'error',
  statusCutOff: 'cut off',
  saveSessionTitle: 'Save the session',
  savePricesTitle: 'Save your prices',
  openPricesTitle: 'Choose a file of prices',
  fileKind: '{kind} files',

  trayOpen: 'Open Agent Session Monitor',
  trayToday: 'Today: {cost}, {rounds} rounds',
  pauseAll: 'Pause Reading',
  resumeAll: 'Resume Reading',
  trayTold: 'The program goes on reading your logs.',
  trayToldDetail:
    'You find it in the tray. If your desktop shows none, start the program again to get its window back. Settings → General turns this off.',
  costUnknown: 'cost unknown',

  chooseDataFolderTitle: 'Choose an empty folder, or one that holds a history',
  replaceQuestion: 'Replace what is already there?',
  replace: 'Replace',
  historyQuestion: 'What should this folder start with?',
  historyDetail: 'The history in the present folder stays there as it is, whatever you choose.',
  historyCopy: 'Copy of the History',
  historyNew: 'New History',
  folderNotEmpty: 'There are other files in this folder.',
  folderNotEmptyHint: 'Choose an empty folder, or one that already holds a history of this program.',
  folderInUse: 'Another program is writing to the history in this folder.',
  folderIsInside: 'This folder lies in the one that holds the history now.',

  exportDone: 'The export is written',
  firstReadDone: 'The logs are read',
  firstReadBody: 'Everything found so far is in the overview.',
  engineTrouble: 'Reading the logs needs your attention',

  budgetReached: 'Budget for {scope}: {percent} used',
  budgetUsedUp: 'Budget for {scope} is used up',
  budgetBody: '{used} of {limit} {period} (from {start}).',
  budgetAll: 'everything',
  budgetDay: 'a day',
  budgetWeek: 'a week',
  budgetMonth: 'a month',
  tokensOf: '{count} tokens',

  cancel: 'Cancel',
  understood: 'OK',
  watchAnyway: 'Watch Anyway',
  notAdded: 'This was not added',
  notAddedNotice: 'The path was not added: {reason}',
  watchAnywayHint: 'You can watch the folder anyway: logs that appear in it later are read as soon as they are there.',
  folderWithoutLogs: 'There is no gateway access log in this folder.',
  folderWithoutLogsHint: 'Choose the folder that holds access.log, or any *.log file whose lines carry “ai_log”.',
  fileWithoutLogs: 'This file is not a gateway access log: none of its first lines is a JSON object with “ai_log”.',
  fileWithoutLogsHint: 'Choose the access log that Higress writes, usually /var/log/higress/access.log.',
  pathNotFound: 'There is no such file or folder.',
  pathNotFoundHint: 'Check that it was not moved, renamed or unmounted, and choose it again.',
  pathNotAllowed: 'The system does not allow this program to read it.',
  pathNotAllowedHint:
    'Give your user the right to read it (for example with “chmod a+r” or by joining the group that owns it), and choose it again.',

  externalLink: 'This link leads out of the program. Open it in your browser?',
  openInBrowser: 'Open in Browser',

  settingsCorrupt:
    'The settings file was damaged. It was kept aside, and what could not be read is back at its default.',
  settingsCorruptHint: 'Check the theme, the language and the watched logs.',
  settingsUnreadable:
    'The settings file could not be read, so defaults are in use and changes are kept until you quit.',
  settingsUnreadableHint: 'Make the file readable and start the program again.',
  settingsNotSaved: 'The settings could not be saved.',
  settingsNotSavedHint: 'Check that there is space on the disk and that the data folder can be written to.',

  pageCrashed: 'The window stopped working and was loaded again.',
  pageCrashedHint: 'Nothing was lost. If it happens again, the program log in the data folder says when and how.',
  pageKeepsCrashing: 'The window stopped working again. Load it once more?',
  loadAgain: 'Load Again',
  engineCrashed: 'The part of the program that reads the logs stopped working and was started again.',
  engineCrashedHint: 'Nothing that was saved is lost, and what was not is read again from the logs.',
  engineGone: 'The part of the program that reads the logs stopped working twice and stays off.',
  engineGoneHint: 'Quit the program and start it again. The program log in the data folder says when it happened.',
  internalError: 'Something went wrong inside the program.',
  internalErrorHint:
    'If something looks wrong, start the program again. The program log in the data folder says where it happened.',
}

export type Texts = Readonly<Record<keyof typeof english, string>>

const chinese: Texts = {
  language: 'zh',
  productName: 'Agent Session Monitor',

  file: '文件',
  openFolder: '打开日志文件夹…',
  openFile: '打开日志文件…',
  openSample: '打开示例日志',
  newWindow: '新建窗口',
  openRecent: '最近打开',
  noRecent: '最近没有打开过',
  clearRecent: '清除',
  export: '导出',
  exportReport: '报告 (JSON)…',
  exportReportCsv: '报告 (CSV)…',
  exportReportMarkdown: '报告 (Markdown)…',
  exportRounds: '筛选出的轮次 (NDJSON)…',
  exportSession: '会话 (JSON)…',
  exportSessionMarkdown: '会话 (Markdown)…',
  settings: '设置…',
  closeWindow: '关闭窗口',
  quit: '退出',

  edit: '编辑',
  undo: '撤销',
  redo: '重做',
  cut: '剪切',
  copy: '复制',
  paste: '粘贴',
  selectAll: '全选',
  find: '查找…',
  findNext: '查找下一个',
  findPrevious: '查找上一个',

  go: '前往',
  back: '后退',
  forward: '前进',
  window: '窗口',

  view: '视图',
  overview: '概览',
  sessions: '会话',
  insights: '洞察',
  search: '搜索',
  compare: '对比',
  sources: '日志来源',
  theme: '主题',
  themeSystem: '跟随系统',
  themeLight: '浅色',
  themeDark: '深色',
  actualSize: '实际大小',
  zoomIn: '放大',
  zoomOut: '缩小',
  fullScreen: '全屏',
  reload: '重新加载',
  developerTools: '开发者工具',

  help: '帮助',
  palette: '命令面板…',
  shortcuts: '键盘快捷键',
  openReadme: '自述文件',
  about: '关于 Agent Session Monitor',
  openDataFolder: '打开数据文件夹',
  checkUpdates: '检查更新…',
  updateFound: '有新版本 {version}',
  updateFoundHint: '没有下载任何内容。可在“设置 → 关于”中打开其所在的文件夹。',
  aboutText: '把 Higress AI 网关的访问日志整理成会话、Token 用量、费用和可读的对话。数据不会离开这台电脑。',

  chooseFolderTitle: '选择网关访问日志所在的文件夹',
  chooseFileTitle: '选择访问日志',
  watch: '监视',
  logFiles: '日志',
  allFiles: '所有文件',
  saveReportTitle: '保存报告：{scope}',
  saveRoundsTitle: '保存轮次：{scope}',
  scopeAll: '已读取的全部内容',
  unnamed: '（无）',
  filterModel: '模型',
  filterConsumer: '调用方',
  filterSource: '日志来源',
  filterStatus: '状态',
  statusOk: '正常',
  statusError: '错误',
  statusCutOff: '中断',
  saveSessionTitle: '保存会话',
  savePricesTitle: '保存你的价格',
  openPricesTitle: '选择价格文件',
  fileKind: '{kind} 文件',

  trayOpen: '打开 Agent Session Monitor',
  trayToday: '今天：{cost}，{rounds} 轮',
  pauseAll: '暂停读取',
  resumeAll: '继续读取',
  trayTold: '程序将继续读取日志。',
  trayToldDetail: '可在系统托盘中找到它。如果桌面没有托盘，再次启动程序即可恢复窗口。可在“设置 → 通用”中关闭此行为。',
  costUnknown: '费用未知',

  chooseDataFolderTitle: '选择一个空文件夹，或已有历史记录的文件夹',
  replaceQuestion: '要替换已有的文件吗？',
  replace: '替换',
  historyQuestion: '这个文件夹应以什么开始？',
  historyDetail: '无论如何选择，当前文件夹中的历史记录都会原样保留。',
  historyCopy: '复制历史记录',
  historyNew: '全新开始',
  folderNotEmpty: '该文件夹中有其他文件。',
  folderNotEmptyHint: '请选择空文件夹，或已包含本程序历史记录的文件夹。',
  folderInUse: '另一个程序正在写入该文件夹中的历史记录。',
  folderIsInside: '该文件夹位于当前存放历史记录的文件夹之内。',

  exportDone: '导出已完成',
  firstReadDone: '日志已读取完毕',
  firstReadBody: '目前找到的全部内容都在概览中。',
  engineTrouble: '读取日志时需要你的处理',

  budgetReached: '{scope}的预算已用 {percent}',
  budgetUsedUp: '{scope}的预算已用完',
  budgetBody: '{period}（自 {start} 起）已用 {used}，上限 {limit}。',
  budgetAll: '全部',
  budgetDay: '本日',
  budgetWeek: '本周',
  budgetMonth: '本月',
  tokensOf: '{count} Token',

  cancel: '取消',
  understood: '确定',
  watchAnyway: '仍然监视',
  notAdded: '未添加',
  notAddedNotice: '未添加该路径：{reason}',
  watchAnywayHint: '也可以仍然监视该文件夹：之后出现的日志会立即读取。',
  folderWithoutLogs: '该文件夹中没有网关访问日志。',
  folderWithoutLogsHint: '请选择包含 access.log 的文件夹，或含有“ai_log”字段的 *.log 文件所在的文件夹。',
  fileWithoutLogs: '该文件不是网关访问日志：开头几行都不是带有“ai_log”的 JSON 对象。',
  fileWithoutLogsHint: '请选择 Higress 写入的访问日志，通常是 /var/log/higress/access.log。',
  pathNotFound: '找不到该文件或文件夹。',
  pathNotFoundHint: '请确认它没有被移动、改名或卸载，然后重新选择。',
  pathNotAllowed: '系统不允许本程序读取它。',
  pathNotAllowedHint: '请为当前用户授予读取权限（例如使用“chmod a+r”，或加入其所属的用户组），然后重新选择。',

  externalLink: '此链接指向程序之外。要在浏览器中打开吗？',
  openInBrowser: '在浏览器中打开',

  settingsCorrupt: '设置文件已损坏。原文件已另存，无法读取的设置已恢复为默认值。',
  settingsCorruptHint: '请检查主题、语言和监视的日志。',
  settingsUnreadable: '无法读取设置文件，当前使用默认设置，更改只保留到退出为止。',
  settingsUnreadableHint: '请让该文件可读，然后重新启动程序。',
  settingsNotSaved: '无法保存设置。',
  settingsNotSavedHint: '请检查磁盘空间，以及数据文件夹是否可写。',

  pageCrashed: '窗口停止工作，已重新加载。',
  pageCrashedHint: '没有丢失任何内容。如果再次发生，数据文件夹中的程序日志记录了时间和原因。',
  pageKeepsCrashing: '窗口再次停止工作。要再加载一次吗？',
  loadAgain: '重新加载',
  engineCrashed: '读取日志的部分停止工作，已重新启动。',
  engineCrashedHint: '已保存的内容没有丢失，未保存的会从日志中重新读取。',
  engineGone: '读取日志的部分两次停止工作，不再自动启动。',
  engineGoneHint: '请退出并重新启动程序。数据文件夹中的程序日志记录了发生的时间。',
  internalError: '程序内部出现问题。',
  internalErrorHint: '如果显示有误，请重新启动程序。数据文件夹中的程序日志记录了出错的位置。',
}

/** The first that is a language tag at all: under LANG=C the system's answer is 'c'. */
export function preferredLocale(candidates: readonly string[]): string {
  return candidates.find((tag) => /^[a-z]{2,3}(-[a-z0-9]{1,8})*$/i.test(tag)) ?? 'en'
}

/** The texts for a language setting; `systemLocale` (BCP 47) decides when the setting leaves it to the system. */
export function textsFor(language: Language, systemLocale: string): Texts {
  switch (language) {
    case 'en':
      return english
    case 'zh':
      return chinese
    case 'system':
      return /^zh\b/i.test(systemLocale) ? chinese : english
  }
}

/** A sentence of the engine's or of an error, which come in English, in the language of the texts. */
export function translated(sentence: string, texts: Texts): string {
  return programText(sentence, texts.language)
}

/** BCP 47: the system's own locale while it is of the language in use, else that language. */
export function localeFor(language: Language, systemLocale: string): string {
  return language === 'system' || systemLocale.toLowerCase().startsWith(language) ? systemLocale : language
}

/** Why a path the user chose cannot be watched, and what to do about it; null for a code that needs no own words. */
export function unusablePath(
  texts: Texts,
  code: ErrorCode,
  isFolder: boolean,
): { readonly message: string; readonly hint: string } | null {
  switch (code) {
    case 'no-logs':
      return isFolder
        ? { message: texts.folderWithoutLogs, hint: texts.folderWithoutLogsHint }
        : { message: texts.fileWithoutLogs, hint: texts.fileWithoutLogsHint }
    case 'not-found':
      return { message: texts.pathNotFound, hint: texts.pathNotFoundHint }
    case 'permission':
      return { message: texts.pathNotAllowed, hint: texts.pathNotAllowedHint }
    default:
      return null
  }
}
