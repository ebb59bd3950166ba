@echo off
rem The command line of the installed application, on its own runtime run as Node.
setlocal
set ELECTRON_RUN_AS_NODE=1
"%~dp0..\..\Agent Session Monitor.exe" "%~dp0..\app.asar\out\main\cli.js" %*
exit /b %ERRORLEVEL%
