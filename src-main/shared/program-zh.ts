/**
 * What the engine and the main process tell, in Chinese: their English sentence → its translation. `{0}`, `{1}` … stand for what
 * differs from one time to the next. A test finds the sentences that are missing here.
 */
export const programZh: Readonly<Record<string, string>> = {
  // Files and folders.
  'The file or folder does not exist.': '该文件或文件夹不存在。',
  'Check that it was not moved or renamed.': '请检查它是否被移动或改名。',
  'The target folder does not exist.': '要写入的文件夹不存在。',
  'Create it again, or choose another place.': '请重新建立该文件夹，或选择其他位置。',
  'The file can’t be replaced: another program has it open, or it may not be changed.':
    '无法替换该文件：另一个程序正打开着它，或者它不允许更改。',
  'Close it there and try again, or choose another name.': '请在该程序中关闭它后重试，或选择其他名称。',
  'A folder has this name.': '已有同名的文件夹。',
  'Choose another name.': '请选择其他名称。',
  'The disk reported an error, or is no longer connected.': '磁盘报告了错误，或已断开连接。',
  'Check it, or choose another place.': '请检查该磁盘，或选择其他位置。',
  'The file would be larger than this disk or your system allows.': '文件将超出该磁盘或系统允许的大小。',
  'Choose another disk, or write less: narrow the filter or the days.':
    '请选择其他磁盘，或减少写入的内容：缩小筛选条件或天数。',
  'The name of the file, or the path to it, is too long for this disk.': '文件名或其路径对该磁盘来说过长。',
  'Choose a shorter name, or a folder closer to the root.': '请选择更短的名称，或层级更浅的文件夹。',
  'This file name is not allowed on this disk.': '该磁盘不接受这样的文件名。',
  'Choose another name with letters and digits only.': '请选择由字母和数字组成的其他名称。',
  'Something went wrong in the app while it wrote this file ({0}).': '程序在生成该文件时内部出错（{0}）。',
  'This is a bug in the app. Nothing was left behind; try another format or a narrower filter.':
    '这是程序的缺陷。没有留下任何残余；换一种格式或缩小筛选条件也许可行。',
  'The file could not be written: {0}.': '无法写入该文件：{0}。',
  'Try again, or choose another place.': '请重试，或选择其他位置。',
  'The system does not allow this program to use the file or folder.': '系统不允许本程序使用该文件或文件夹。',
  'Change its permissions or choose another place.': '请修改其权限，或选择其他位置。',
  'The disk is full.': '磁盘已满。',
  'Free some space and try again.': '请释放一些空间后重试。',
  'Your share of the disk is used up.': '您的磁盘配额已用完。',
  'The disk is read-only.': '磁盘为只读。',
  'Choose a place that can be written to.': '请选择可写入的位置。',
  'Too many files are open.': '打开的文件过多。',
  'Close other programs and try again.': '请关闭其他程序后重试。',
  'This path does not exist (any more).': '该路径不存在（或已不存在）。',
  'If it was renamed, choose it again; if it comes back, reading goes on by itself.':
    '如果已改名，请重新选择；如果它再次出现，会自动继续读取。',
  'Reading this path is not permitted.': '没有读取该路径的权限。',
  'Give your user permission to read it (on Linux often: join the group "adm" or "istio-proxy"), then it is read by itself.':
    '请为您的用户授予读取权限（在 Linux 上通常是加入“adm”或“istio-proxy”组），之后会自动读取。',
  'The system allows no more open files right now.': '系统目前不允许打开更多文件。',
  'Close other programs or raise the limit (ulimit -n); reading is tried again by itself.':
    '请关闭其他程序或提高上限（ulimit -n）；程序会自动重试读取。',
  'Free some space; reading goes on by itself and nothing is lost as long as the log is still there.':
    '请释放一些空间；之后会自动继续读取，只要日志还在就不会丢失任何内容。',
  'The disk is mounted read-only.': '磁盘以只读方式挂载。',
  'Make the data folder writable, or start with another data folder.': '请让数据文件夹可写，或使用其他数据文件夹启动。',
  "This path can't be used: {0}.": '无法使用该路径：{0}。',
  'This is neither a file nor a folder.': '这既不是文件，也不是文件夹。',
  'Refused: it unpacks to more than {0} times its size.': '已拒绝：解压后超过其自身大小的 {0} 倍。',
  'It is packed with {0}, which is not read here.': '它用 {0} 压缩，本程序无法读取。',
  'Unpack it, or pack it with gzip, zstd, xz, bzip2, lz4, tar or zip.':
    '请解压，或改用 gzip、zstd、xz、bzip2、lz4、tar 或 zip 压缩。',
  'The packed file is damaged, encrypted or cut off; the lines before that were read.':
    '压缩文件已损坏、已加密或被截断；在此之前的行已读取。',
  'If it is still being written, it is read again when it grows. A mended copy in the same folder is read too.':
    '如果它仍在写入，增长后会重新读取。同一文件夹中修复后的副本也会被读取。',
  'This is not a log that a gateway writes. Move it out of the folder.': '这不是网关写入的日志，请将它移出该文件夹。',
  'The compressed file is cut off; its whole lines were read.': '压缩文件不完整；其中完整的行已读取。',
  'If it is still being written, it is read again when it grows.': '如果它仍在写入，变大后会再次读取。',
  'The compressed file is damaged; the lines before the damage were read.': '压缩文件已损坏；损坏处之前的行已读取。',
  'Check it with "gzip -t"; a mended copy in the same folder is read by itself.':
    '可用“gzip -t”检查；把修复后的副本放在同一文件夹，会自动读取。',
  'What you dropped is not a file or folder on this computer.': '拖入的内容不是本机的文件或文件夹。',
  'Drop an access log or the folder that holds it.': '请拖入访问日志，或存放它的文件夹。',

  // Sources.
  'No gateway log was found here.': '这里没有找到网关日志。',
  'Choose the folder that holds access.log, or another *.log whose lines carry "ai_log".':
    '请选择存放 access.log 的文件夹，或各行带有“ai_log”的其他 *.log 文件。',
  'Expected access.log, its rotations, or other *.log files whose lines carry "ai_log". They are read as soon as they appear.':
    '应有 access.log、它的轮转文件，或各行带有“ai_log”的其他 *.log 文件；一出现就会读取。',
  'This path is still watched.': '该路径仍在监视中。',
  'Remove it from the sources first.': '请先将它从来源中移除。',
  'A deletion is in progress.': '正在删除。',
  'Let it end, or cancel it, then choose the folder again.': '请等它结束或将其取消，然后重新选择文件夹。',
  'Another process has just deleted part of the history.': '另一个进程刚刚删除了部分历史记录。',
  'Try again in a moment.': '请稍后重试。',

  // The data folder.
  'The data folder may not be written to.': '数据文件夹不可写入。',
  'Make it writable for your user, or start with another data folder.':
    '请让您的用户可写入它，或使用其他数据文件夹启动。',
  'The data folder may not be read.': '数据文件夹不可读取。',
  'Make it readable for your user, or use another data folder.': '请让您的用户可读取它，或使用其他数据文件夹。',
  'Process {0} on {1} is already writing to this data folder.': '{1} 上的进程 {0} 已在写入该数据文件夹。',
  'Close it first, or use another data folder. Reading commands work meanwhile.':
    '请先关闭它，或使用其他数据文件夹；其间只读命令可照常使用。',
  'There is no data here yet.': '这里还没有数据。',
  'Start the app and choose a log folder, or run "monitor --log-path … --data-dir …".':
    '请启动应用并选择日志文件夹，或运行“monitor --log-path … --data-dir …”。',
  'This data folder is open for reading only.': '该数据文件夹以只读方式打开。',
  'A newer version of Agent Session Monitor wrote this data folder.':
    '该数据文件夹由更新版本的 Agent Session Monitor 写入。',
  'Install the newer version, or choose another data folder.': '请安装更新的版本，或选择其他数据文件夹。',
  'A newer version of the program saved the index. It was made anew from the archive; nothing is lost.':
    '索引由更新版本的程序保存。已根据归档重新生成，没有任何丢失。',
  'The saved index was damaged. It was made anew from the archive; nothing is lost.':
    '保存的索引已损坏。已根据归档重新生成，没有任何丢失。',
  'The damaged file was kept aside under this name; it may be deleted.': '损坏的文件已以此名称另存，可以删除。',
  'Part of the archive is a link: deleting would remove only the link.': '归档的一部分是链接：删除只会去掉链接本身。',
  'Put the file it leads to in its place, then delete again.': '请用它所指向的文件替换该链接，然后重新删除。',
  'The archive folder is a mount point and cannot be replaced.': '归档本身是整个磁盘，删除时无法替换它。',
  'Move its files to a folder on that disk, and make "archive" a link to that folder.':
    '请将其中的文件移到该磁盘上的一个文件夹，并让“archive”成为指向该文件夹的链接。',
  'A block of the archive is damaged.': '归档中有一个数据块已损坏。',
  'A request is missing from the archive.': '归档中缺少一个请求。',
  'Part of this log line is missing from the archive.': '归档中缺少这行日志的一部分。',
  'Start again: what the logs still hold is read once more.': '请重新启动：日志中尚存的内容会再读取一次。',
  'The folder of the history is not there.': '历史记录所在的文件夹不存在。',
  'Connect the disk it is on and start the program again, or choose another folder in the settings.':
    '请连接其所在的磁盘后重新启动程序，或在设置中选择其他文件夹。',
  'The app quit while deleting part of the history. The deletion now resumes.':
    '程序在删除部分历史记录时退出；现在会继续完成删除。',
  'You can cancel it in the app, next to its progress.': '在应用中，可在其进度旁取消。',
  'The app quit three times while deleting part of the history, so the deletion was abandoned. Nothing was deleted.':
    '程序每次删除部分历史记录时都会退出，因此已放弃删除：没有删除任何内容。',
  'Part of this history is still to be deleted: the program ended while it did so.':
    '此历史记录中仍有一部分待删除：程序在删除时退出了。',
  'It resumes when you start the app or run a command that writes.': '启动应用，或运行会写入它的命令后，会继续删除。',
  'Start the deletion again if you still want it.': '如仍需删除，请重新删除。',
  'The archive ends before the place up to which it was saved; the requests after it were lost.':
    '归档在上次保存的位置之前就结束了；其后的请求已丢失。',
  'The logs are read again from there, which brings back what they hold. Check the disk, or the backup this came from.':
    '会从该处重新读取日志，找回日志中尚存的内容。请检查磁盘，或此数据所来自的备份。',
  'The program was stopped while it wrote {0} bytes; they were taken back.':
    '程序在写入 {0} 字节时被中止；这些字节已撤回。',
  'What they held is read again from the logs.': '其中的内容会从日志中重新读取。',
  '{0} bytes of the archive are damaged; the requests in them were lost.':
    '归档中有 {0} 字节已损坏；其中的请求已丢失。',
  '{0} requests are missing from the archive.': '归档中缺少 {0} 个请求。',

  'All logs that are still there are read again, which brings back what they hold. Check the disk.':
    '所有尚存的日志会重新读取，找回其中的内容。请检查磁盘。',

  // Sessions and searches.
  'There is no session with this id.': '没有这个 ID 的会话。',
  'Look it up in the list of sessions.': '请在会话列表中查找。',
  'The session has no round {0}.': '该会话没有第 {0} 轮。',
  'The system does not know this time zone.': '系统不认识该时区。',
  'This export has no such file.': '该导出没有这个文件。',
  'This export has already ended.': '该导出已结束。',
  'This search has ended.': '该搜索已结束。',
  'These sessions are still being compared.': '仍在比较这些会话。',
  'No session file was found here.': '这里没有找到会话文件。',
  'Expected a folder with one JSON file a session, as the original’s --output-dir.':
    '应为每个会话一个 JSON 文件的文件夹，如原程序的 --output-dir。',

  // Prices.
  'The file of your own prices was damaged; published prices are used.': '您自定义的价格文件已损坏；现使用公布的价格。',
  'Set them anew, or mend the file and import it.': '请重新设置，或修复该文件后导入。',
  'This is not a price file, or it contains an invalid price.': '这不是价格文件，或其中有价格无效。',
  'Export your prices to see what such a file looks like. Prices are USD per million tokens, 0 to 100,000.':
    '可导出您的价格查看文件格式。价格为每百万 token 的美元数，0 至 100,000。',
  'Not a valid price.': '这不是有效的价格。',
  'Prices are USD per million tokens, 0 to 100,000.': '价格为每百万 token 的美元数，0 至 100,000。',

  // A newer version.
  'The address could not be reached.': '无法访问该地址。',
  'Check the address and the connection; then check again.': '请检查地址和网络连接，然后重新检查。',
  'The server’s certificate has expired or is not valid yet.': '服务器的证书目前不在有效期内。',
  'Check the date of this computer; where that is right, whoever runs the server has to renew the certificate.':
    '请检查本机的日期；如果日期正确，需由服务器的管理者更新证书。',
  'The certificate of the server is for another name.': '服务器的证书属于另一个名称。',
  'Use the name it was issued for in the address, or have one issued for this name.':
    '请在地址中使用证书所对应的名称，或为该名称签发证书。',
  'The certificate of the server is not trusted on this computer.': '本机不信任服务器的证书。',
  'Of a server of your own, add the authority that issued it to the certificates your system trusts, and start the program again. Of another server, do not: somebody may stand in between.':
    '如果是自建服务器，请将签发机构加入系统信任的证书，然后重新启动程序。其他服务器请勿如此：可能有人在中间截取。',
  'The server does not speak the encryption that https asks for.': '服务器不支持 https 所需的加密。',
  'Check the port in the address, and how the server is set up.': '请检查地址中的端口，以及服务器的配置。',
  'There is no server of this name.': '没有这个名称的服务器。',
  'Check the spelling of the address and, for a name of your own network, that you are connected to it.':
    '请检查地址的拼写；如果是内部网络的名称，请确认已连接到该网络。',
  'Nothing answers at this address: the connection was refused.': '该地址没有应答：连接被拒绝。',
  'Check the port in the address, and that the server is running.': '请检查地址中的端口，并确认服务器正在运行。',
  'The proxy of your system does not lead to this address.': '系统代理无法访问该地址。',
  'Check the proxy in the settings of your system, or ask whoever runs it.': '请检查系统设置中的代理，或询问其管理者。',
  'The server did not answer in time.': '服务器未及时应答。',
  'Check the connection, and check again later.': '请检查网络连接，稍后重新检查。',
  'There is no release file at this address.': '该地址没有发布文件。',
  'Check the address: it is the folder that holds the installers and this file.':
    '请检查地址：应为存放安装包和该文件的文件夹。',
  'The server answered with an error ({0}).': '服务器返回错误（{0}）。',
  'Check the address, or check again later.': '请检查地址，或稍后重新检查。',
  'The server redirects to an unencrypted address, which the app does not follow.':
    '服务器转向了不会访问的地址：该地址未加密。',
  'In a network in which one has to sign in, open any page in your browser, sign in, and check again. Else ask whoever runs the server for the address of the release folder itself.':
    '如果所在网络需要登录，请在浏览器中打开任意网页并登录，然后重新检查；否则请向服务器的管理者索取发布文件夹本身的地址。',
  'Too many redirects.': '服务器不断地转向其他地址。',
  'Check whether the address is that of an installer, or of a site: give that of the folder the installers are in.':
    '请检查该地址是否指向某个安装包或网站：应填写存放安装包的文件夹的地址。',
  'A web page came in place of the release file.': '收到的是网页，而不是发布文件。',
  'In a network in which one has to sign in, open any page in your browser, sign in, and check again. Else give the address of the folder the installers are in, not of a page about them.':
    '如果所在网络需要登录，请在浏览器中打开任意网页并登录，然后重新检查；否则请填写存放安装包的文件夹的地址，而不是介绍页面的地址。',
  'Have the release published again: the file is written when the installers are built. Then check again.':
    '请重新发布：该文件在构建安装包时生成。然后重新检查。',
  'Ask whoever runs it for the address of the release folder itself.': '请向服务器的管理者索取发布文件夹本身的地址。',
  'What is at this address is larger than a release file.': '该地址的内容大于发布文件。',
  'What is at this address is no release file: it names no version.': '该地址的内容不是发布文件：其中没有版本号。',

  // The program itself.
  'Something went wrong inside the program.': '程序内部出错。',
  'Try again. If it stays, the program log in the data folder says where it happened.':
    '请重试。如果仍然出错，数据文件夹中的程序日志会说明出错的位置。',
  'Something went wrong in the engine ({0}).': '引擎出错（{0}）。',
  'This is a bug in the app. What was read is kept; start the app again.':
    '这是程序的缺陷。已读取的内容会保留；请重新启动程序。',
  'The engine ended.': '引擎已结束。',
  'Start the app again.': '请重新启动程序。',
  'Unknown channel.': '没有这个通道。',
  'The message could not be delivered.': '消息无法送达。',
  'The message was malformed.': '消息格式有误。',
  'The message did not come from a window of the app.': '消息不是来自本程序的窗口。',
  'In the browser the history is read-only.': '在浏览器中可以查看历史记录，但不能做任何更改。',
  'Use the app or the command line for this.': '此操作请使用应用程序或命令行。',
}
