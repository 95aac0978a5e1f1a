@echo off
rem Double-click: runs the study in data. Drop a study folder on this file: runs that one.
chcp 65001 >nul
setlocal
pushd "%~dp0"
set "PYTHONUTF8=1"
set "STUDY=%~1"
if not defined STUDY set "STUDY=data"
rem A drive's root ends in a backslash, which would swallow the closing quote
if "%STUDY:~-1%"=="\" set "STUDY=%STUDY%."
rem Try to run it: on a machine without Python, python.exe may be a link to the shop
set "PY="
python -c "" >nul 2>nul && set "PY=python"
py -3 -c "" >nul 2>nul && set "PY=py -3"
set "CODE=3"
if defined PY %PY% bootstrap.py -- -m pipeline run --data "%STUDY%"
if defined PY set "CODE=%ERRORLEVEL%"
if not defined PY echo 没有找到 Python。请安装 Python 3.11 或更新的版本，再双击本文件。
if not defined PY echo Python was not found. Install Python 3.11 or newer, then double-click this file again.
popd
if not defined CI pause
exit /b %CODE%
