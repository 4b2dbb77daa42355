#!/bin/sh
# woo2po with systemd, every @@every minutes: one pair of units for all shops below
# @@base
# in which each shop has a folder of its own with its @@config_name. Read it, then let it install
# them and start the timer of this shop:  woo2po schedule systemd | sudo sh
# Each further shop takes one line:        sudo systemctl enable --now woo2po@FOLDER.timer
# Its log:                                 journalctl -u woo2po@FOLDER
set -eu
@@prepare
cat > /etc/systemd/system/woo2po@.service <<'UNIT'
[Unit]
Description=Orders of %i from WooCommerce to PowerOffice Go
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User=@@user
WorkingDirectory=@@folder
ExecStart=@@run
# 1: done, and some order is held. That is no failure of the service.
SuccessExitStatus=1
# No run takes so long but one that hangs; one that is told to stop ends within two seconds.
TimeoutStartSec=6h
TimeoutStopSec=10

# Keys in files that only root can read, instead of in @@config_name:
#LoadCredential=client_key:/etc/woo2po/%i/client_key
#Environment=WOO2PO_POWEROFFICE__CLIENT_KEY_FILE=%d/client_key

# Nothing but the shop's folder, and the one in which the user's shops share the allowance of
# their subscription key, can be written.
ProtectSystem=strict
ProtectHome=read-only
@@writable
UMask=0077
NoNewPrivileges=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
CapabilityBoundingSet=
SystemCallArchitectures=native
SystemCallFilter=@system-service
UNIT

cat > /etc/systemd/system/woo2po@.timer <<'UNIT'
[Unit]
Description=Every @@every minutes: orders of %i from WooCommerce to PowerOffice Go

[Timer]
OnCalendar=@@calendar
# Each shop starts at a moment of its own within the period, and keeps it.
RandomizedDelaySec=@@{every}min
FixedRandomDelay=yes
AccuracySec=1s
Persistent=yes

[Install]
WantedBy=timers.target
UNIT

systemctl daemon-reload
systemctl enable --now @@instance
# -- daily --

# Payouts, once a day at seven; each further shop whose providers have keys takes one line more:
#                                          sudo systemctl enable --now woo2po-payouts@FOLDER.timer
cd /etc/systemd/system
# One that is held is a failure of this service: `systemctl --failed` shows it.
sed 's/^Description=Orders/Description=Payouts/; /^ExecStart=/s/ run$/ payouts --fetch/
    /^# 1: done/d; /^SuccessExitStatus=/d' \
    woo2po@.service > woo2po-payouts@.service
sed 's/^Description=.*/Description=Daily: payouts of %i into PowerOffice Go/
    s/^OnCalendar=.*/OnCalendar=07:00/; s/^RandomizedDelaySec=.*/RandomizedDelaySec=1h/' \
    woo2po@.timer > woo2po-payouts@.timer
systemctl daemon-reload
systemctl enable --now @@payouts
