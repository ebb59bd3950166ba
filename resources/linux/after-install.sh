#!/bin/bash
# electron-builder's own steps, but for the link in /usr/bin: it leads to the command line, which opens the application
# where it is called without a command.

ln -sf '/opt/${sanitizedProductName}/resources/bin/${executable}' '/usr/bin/${executable}'

# Where the kernel gives programs no user namespaces, Chromium's sandbox needs its helper to be root's.
if ! { [[ -L /proc/self/ns/user ]] && unshare --user true; }; then
    chmod 4755 '/opt/${sanitizedProductName}/chrome-sandbox' || true
else
    chmod 0755 '/opt/${sanitizedProductName}/chrome-sandbox' || true
fi

if hash update-mime-database 2>/dev/null; then
    update-mime-database /usr/share/mime || true
fi
if hash update-desktop-database 2>/dev/null; then
    update-desktop-database /usr/share/applications || true
fi

# Ubuntu 24 and later allow user namespaces to programs with a profile only.
if apparmor_status --enabled > /dev/null 2>&1; then
    profile='/opt/${sanitizedProductName}/resources/apparmor-profile'
    if apparmor_parser --skip-kernel-load --debug "$profile" > /dev/null 2>&1; then
        cp -f "$profile" '/etc/apparmor.d/${executable}'
        if ! { [ -x /usr/bin/ischroot ] && /usr/bin/ischroot; }; then
            apparmor_parser --replace --write-cache --skip-read-cache '/etc/apparmor.d/${executable}'
        fi
    fi
fi
