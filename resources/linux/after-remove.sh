#!/bin/bash
rm -f '/usr/bin/${executable}'
if [ -f '/etc/apparmor.d/${executable}' ]; then
    if apparmor_status --enabled > /dev/null 2>&1; then
        if ! { [ -x /usr/bin/ischroot ] && /usr/bin/ischroot; }; then
            apparmor_parser --remove '/etc/apparmor.d/${executable}' || true
        fi
    fi
    rm -f '/etc/apparmor.d/${executable}'
fi
